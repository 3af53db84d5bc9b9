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
export REPO REPO_BRANCH SEED

.PHONY: help book test slides handout assignment serve peers atlas bench bench-gpu seeds strip execute lock clean

help:  ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' Makefile

$(READY): requirements.txt tools/find-python
	@python=$$(sh tools/find-python); \
	echo "[setup] Python environment in $(VENV) ($$($$python --version))"; \
	$$python -m venv --clear $(VENV) || { echo "make: could not make a virtual environment; on Debian and Ubuntu: apt install python3-venv"; exit 1; }; \
	$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt \
	  || { echo "make: installing requirements.txt failed; this step needs the network (PyPI)"; exit 1; }; \
	$(PY) -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . \
	  || { echo "make: installing convlib itself failed; see the lines above"; exit 1; }; \
	touch $@

book: $(READY)  ## build the book into _build/html, and a zip of it that works from disk
	@$(PY) tools/build_book.py

slides: $(READY)  ## build the slide decks alone into _build/html/slides, each also as PDF
	@$(PY) tools/vendor.py
	@$(PY) tools/build_slides.py
	@$(PY) tools/slides_pdf.py

handout: $(READY)  ## the students' and the instructors' notebooks, zipped into _build/editions
	@$(PY) tools/handout.py

assignment: $(READY)  ## graded sets for nbgrader (SEED=a long secret; CHAPTERS="1-1 3-2" and OUT=folder if you like)
	@$(PY) tools/assignment.py $(CHAPTERS) $(if $(OUT),--out "$(OUT)")

serve: book  ## build, serve on localhost, rebuild on change
	@$(PY) tools/serve.py

test: $(READY)  ## every check: code, notebooks, pages in a real browser
	@$(PY) tools/browser.py
	@$(BIN)/ruff check -q .
	@$(BIN)/ruff format -q --check . || { echo "make test: run .venv/bin/ruff format ."; exit 1; }
	@$(BIN)/mypy --strict convlib
	@$(PY) tools/strip_outputs.py --check
	@$(PY) tools/build_book.py --fresh
	@$(PY) -m pytest -n 2 --dist worksteal

peers: $(READY)  ## compare with PyTorch, OpenCV, JAX and TensorFlow; grade with nbgrader; run every notebook in Binder's environment
	@$(PY) tools/peers.py

atlas: $(READY)  ## probe every library anew and write the tables of the convention atlas
	@$(PY) tools/atlas.py --probe

bench: $(READY)  ## time convlib beside its peers (MINUTES=15; SNAPSHOT=1 for the chapters; CHECK=1 exits 1 on a miss)
	@$(PY) tools/bench.py $(if $(MINUTES),--minutes $(MINUTES)) $(if $(SNAPSHOT),--snapshot) $(if $(CHECK),--check)
	@$(if $(CHECK),true,$(PY) tools/bench_busy.py)

bench-gpu:  ## time FFT convolution on a GPU into data/gpu.json (GPU_PYTHON=python3, one with PyTorch or CuPy)
	@PYTHONPATH=tools $(or $(GPU_PYTHON),python3) tools/bench_gpu.py

seeds: $(READY)  ## train the digits' network from twenty seeds into data/seeds.json (about ten minutes)
	@$(PY) tools/train_seeds.py

strip: $(READY)  ## remove images and other volatile outputs from the stored notebooks
	@$(PY) tools/strip_outputs.py --fix

execute: $(READY)  ## run the notebooks and store their text outputs
	@$(PY) tools/run_notebooks.py

lock: $(READY)  ## write requirements.txt anew from pyproject.toml
	@$(PY) tools/lock.py

clean:  ## remove everything that was built or installed
	rm -rf $(VENV) node_modules _build dist
