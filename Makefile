# The only entry point. `make book` and `make test` are all that a reader needs; `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

VENV  := .venv
BIN   := $(VENV)/bin
PY    := $(BIN)/python
READY := $(VENV)/.ready
PEERS := _build/peers
# Numbers on the page must not depend on how many cores a machine has.
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
export MKL_NUM_THREADS := 1
export REPO REPO_BRANCH SITE SEED
# Files are UTF-8, whatever the locale says.
export PYTHONUTF8 := 1

.PHONY: help here book test slides handout assignment export wheel serve peers hub atlas bench bench-gpu seeds strip execute lock clean

help:  ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' Makefile

# An environment holds absolute paths: it does not move with its folder.
here:
	@if test -s $(READY) && test "$$(cat $(READY))" != "$$(pwd -P)"; then \
	  echo "make: this folder was moved or copied, and its environment was not made for it; run \`make clean\`, then this again"; exit 1; fi
	@test -w . || { echo "make: this folder is read-only; make needs to write $(VENV) and _build into it"; exit 1; }

$(READY): requirements.txt tools/env/find-python | here
	@python=$$(sh tools/env/find-python); \
	echo "[setup] Python environment in $(VENV) ($$($$python --version))"; \
	$$python -m venv --clear $(VENV) || { echo "make: could not make a virtual environment; on Debian and Ubuntu: apt install python3-venv"; exit 1; }; \
	$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt \
	  || { echo "make: installing requirements.txt failed; this step needs the network (PyPI)"; exit 1; }; \
	$(PY) -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . \
	  || { echo "make: installing convlib itself failed; see the lines above"; exit 1; }; \
	pwd -P > $@

book: $(READY)  ## build the book into _build/html, and a zip of it that works from disk
	@$(PY) -m tools.book.build

slides: $(READY)  ## build the slide decks alone into _build/html/slides, each also as PDF
	@$(PY) -m tools.env.vendor
	@$(PY) -m tools.slides.build
	@$(PY) -m tools.slides.pdf

handout: $(READY)  ## the students' and the instructors' notebooks, zipped (ONTO=clone commits the students' there)
	@$(PY) -m tools.editions.handout $(if $(ONTO),--onto "$(ONTO)")

assignment: $(READY)  ## graded sets for nbgrader (SEED=a long secret; CHAPTERS="1-1 3-2" and OUT=folder if you like)
	@$(PY) -m tools.editions.assignment $(CHAPTERS) $(if $(OUT),--out "$(OUT)")

export: $(READY)  ## the quizzes and the exercises as Moodle XML (VARIANTS=5 draws of each exercise)
	@$(PY) -m tools.editions.export $(if $(VARIANTS),--variants $(VARIANTS))

wheel: $(READY)  ## convlib's wheel in dist/, checked (TAG=v1.2.3 refuses another version)
	@$(PY) -m tools.wheel dist $(TAG)
	@$(PY) -m pytest -q tests/repo/test_wheel.py

serve: $(READY)  ## build, serve on localhost (PORT=8000), rebuild on change; a refused build leaves the last copy
	@$(PY) -m tools.book.serve $(PORT)

test: $(READY)  ## every check: code, notebooks, pages in a real browser
	@$(PY) -m tools.env.chromium
	@$(BIN)/ruff check -q .
	@$(BIN)/ruff format -q --check . || { echo "make test: run .venv/bin/ruff format ."; exit 1; }
	@$(BIN)/mypy --strict convlib
	@$(PY) -m tools.notebooks.store --check
	@$(PY) -m tools.book.build --fresh
	@$(PY) -m pytest -n 2 --dist worksteal

peers: $(READY)  ## compare with PyTorch, OpenCV, JAX and TensorFlow; test the lowest and newest NumPy; nbgrader; Binder; a hub; builds
	@$(PY) -m tools.env.peers

hub: $(READY)  ## start a JupyterHub here with simulated students and print what it takes (STUDENTS=5)
	@$(PY) -m tools.hub $(STUDENTS)

atlas: $(READY)  ## probe every library anew and write the tables of the convention atlas
	@$(PY) -m tools.atlas --probe

bench: $(READY)  ## time convlib beside its peers (MINUTES=15; SNAPSHOT=1 for the chapters; CHECK=1 exits 1 on a miss)
	@$(PY) -m tools.bench $(if $(MINUTES),--minutes $(MINUTES)) $(if $(SNAPSHOT),--snapshot) $(if $(CHECK),--check)
	@$(if $(CHECK),true,$(PY) -m tools.bench.busy)

bench-gpu:  ## time FFT convolution on a GPU into convlib/signals/gpu.json (GPU_PYTHON=python3, one with PyTorch or CuPy)
	@$(or $(GPU_PYTHON),python3) -m tools.bench.gpu

seeds: $(READY)  ## train the digits' network from twenty seeds into convlib/signals/seeds.json (about ten minutes)
	@$(PY) -m tools.bench.seeds

strip: $(READY)  ## remove images and other volatile outputs from the stored notebooks
	@$(PY) -m tools.notebooks.store --fix

execute: $(READY)  ## run the notebooks and store their text outputs
	@$(PY) -m tools.notebooks.run

lock: $(READY)  ## write requirements.txt anew from pyproject.toml
	@$(PY) -m tools.env.lock

clean:  ## remove everything that was built or installed
	rm -rf $(VENV) node_modules _build dist
