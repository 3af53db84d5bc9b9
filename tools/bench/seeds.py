"""Train the network of chapter I-5 with both operations from independent seeds; write convlib/signals/seeds.json.

python -m tools.bench.seeds [--seeds 10]
"""

import ast
import json
import sys
import time
from argparse import ArgumentParser, RawTextHelpFormatter
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256

import nbformat
import numpy as np

from tools import ROOT
from tools.bench.machine import describe

CHAPTER = ROOT / "chapters/1-cnn/5-backprop-brings-the-flip-back.ipynb"
OUT = ROOT / "convlib/signals/seeds.json"
CELLS = ("digits", "network", "train")  # what the chapter itself trains with, after its imports
OPERATIONS = {"cross-correlation": False, "convolution": True}


def code(*names: str) -> str:
    """Some cells of the chapter, as one program."""
    cells = {cell.id: cell.source for cell in nbformat.read(CHAPTER, as_version=4).cells}
    return "\n".join(cells[name] for name in names)


def fingerprint(program: str) -> str:
    """Changes with what the program does, not with its comments or line breaks."""
    return sha256(ast.unparse(ast.parse(program)).encode()).hexdigest()


def run(program: str, flip: bool, seed: int) -> dict:
    """Train one network; how many of the test digits it gets right."""
    space: dict = {}
    exec(compile(program, CHAPTER.name, "exec"), space)
    start = time.perf_counter()
    # One stream of numbers for each operation and seed: weights, order and deformation.
    rng = np.random.default_rng([flip, seed])
    model = space["network"](rng, flip=flip)
    space["train"](model, space["x_train"], space["y_train"], rng)
    right = space["accuracy"](model, space["x_test"], space["y_test"]) * len(space["y_test"])
    return {"seed": seed, "right": round(right), "tested": len(space["y_test"]), "seconds": time.perf_counter() - start}


def write(text: str) -> None:
    """Store the result, and its checksum in the place of the old one in its README.md."""
    readme, old = OUT.with_name("README.md"), OUT.read_bytes()
    OUT.write_text(text, encoding="utf-8")
    sums = [sha256(content).hexdigest() for content in (old, text.encode())]
    readme.write_text(readme.read_text(encoding="utf-8").replace(*sums), encoding="utf-8")


def main() -> int:
    parser = ArgumentParser(description=__doc__, formatter_class=RawTextHelpFormatter)
    parser.add_argument("--seeds", type=int, default=10, help="networks for each operation")
    seeds = range(parser.parse_args().seeds)
    program, runs = code("setup", *CELLS), {}
    with ProcessPoolExecutor(max_workers=2) as pool:
        for name, flip in OPERATIONS.items():
            jobs = [pool.submit(run, program, flip, seed) for seed in seeds]
            runs[name] = [job.result() for job in jobs]
            print(name, [job["right"] for job in runs[name]], flush=True)
    every = [job for jobs in runs.values() for job in jobs]
    result = {
        "made by": "make seeds",
        "settings": f"the cells {', '.join(CELLS)} of {CHAPTER.name}, float64; rng = default_rng([flip, seed])",
        "code": fingerprint(code(*CELLS)),
        "machine": {key: describe()[key] for key in ("processor", "system", "versions")},
        "seconds per network": round(float(np.median([job["seconds"] for job in every]))),
        "tested": every[0]["tested"],
        "runs": {name: [{k: job[k] for k in ("seed", "right")} for job in jobs] for name, jobs in runs.items()},
    }
    write(json.dumps(result, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
