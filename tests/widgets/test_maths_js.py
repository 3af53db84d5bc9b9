"""maths.js against convlib and NumPy, in Node; and the checker against copies with a bug."""

import json
import subprocess
from itertools import product
from pathlib import Path

import numpy as np
import pytest

import convlib.ops as ops
from convlib.widgets.lib.base import HERE, num
from tools.env.node import node_path

CHECKER = Path(__file__).parent / "js" / "check_maths.mjs"
MATHS = HERE / "maths.js"
NODE = str(node_path())
MODES = ("full", "same", "valid")
LENGTHS = (1, 2, 3, 4, 5, 8, 13)
SHAPES = ((1, 1), (1, 4), (3, 1), (2, 3), (3, 3), (4, 5), (6, 2))


def numbers(rng, shape, whole):
    """Return small numbers of both signs; they are symmetric only by accident."""
    if whole:
        return rng.integers(-9, 10, shape)
    return rng.normal(size=shape)


def contains(a, b):
    """Whether one shape contains the other along every axis."""
    return all(m >= n for m, n in zip(a, b, strict=True)) or all(m <= n for m, n in zip(a, b, strict=True))


def product_cases(rng):
    shapes = [*product([(n,) for n in LENGTHS], repeat=2), *product(SHAPES, repeat=2)]
    found = []
    for (a, b), whole, mode in product(shapes, (True, False), MODES):
        if mode == "valid" and not contains(a, b):
            continue
        x, h = numbers(rng, a, whole), numbers(rng, b, whole)
        for name in ("convolve", "correlate"):
            y = getattr(ops, name)(x, h, mode=mode, method="direct")
            args = [x.tolist(), h.tolist(), mode]
            found.append({"name": name, "args": args, "want": y.tolist(), "exact": whole})
    return found


def flip_cases(rng):
    arrays = [numbers(rng, shape, False) for shape in [*((n,) for n in LENGTHS), *SHAPES]]
    return [{"name": "flip", "args": [h.tolist()], "want": ops.flip(h).tolist(), "exact": True} for h in arrays]


def pair(z):
    return {"re": z.real.tolist(), "im": z.imag.tolist()}


def spectrum_cases(rng):
    found = []
    for n in range(1, 41):
        x = numbers(rng, (n,), n % 2 == 0)
        z = rng.normal(size=n) + 1j * rng.normal(size=n)
        found += [
            {"name": "dft", "args": [x.tolist()], "want": pair(np.fft.fft(x))},
            {"name": "dft", "args": [pair(z)], "want": pair(np.fft.fft(z))},
            {"name": "idft", "args": [pair(z)], "want": pair(np.fft.ifft(z))},
        ]
    return found


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    rng = np.random.default_rng(20261120)
    path = tmp_path_factory.mktemp("maths") / "cases.json"
    path.write_text(json.dumps(product_cases(rng) + flip_cases(rng) + spectrum_cases(rng)))
    return path


def judge(maths, cases):
    """Return the checker's exit code and report."""
    done = subprocess.run([NODE, str(CHECKER), str(maths), str(cases)], capture_output=True, text=True, timeout=120)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def test_every_case_agrees(cases):
    code, report = judge(MATHS, cases)
    assert (code, report["wrong"]) == (0, {})
    assert sum(report["cases"].values()) >= 1000
    assert set(report["cases"]) == {"convolve", "correlate", "flip", "dft", "idft"}
    assert report["worst"] <= 1e-12


@pytest.mark.parametrize(
    ("right", "wrong", "caught"),
    [
        ("convolve(x, flip(h), mode)", "convolve(x, h, mode)", {"correlate"}),
        ("[...row].reverse()).reverse()", "[...row].reverse())", {"flip", "correlate"}),
        ("re, im, -1)", "re, im, 1)", {"dft"}),
    ],
)
def test_a_bug_is_found(right, wrong, caught, cases, tmp_path):
    text = MATHS.read_text("utf-8")
    assert right in text, "the sample must change something"
    copy = tmp_path / "maths.js"
    copy.write_text(text.replace(right, wrong), "utf-8")
    code, report = judge(copy, cases)
    assert code == 1
    assert set(report["wrong"]) == caught


def run(file, script):
    """Run a script in Node that finds the module ``file`` as ``js``; return what it makes."""
    whole = f"""import {{ readFileSync }} from "node:fs";
    const text = readFileSync({str(file)!r}, "utf-8");
    const js = await import(`data:text/javascript,${{encodeURIComponent(text)}}`);
    console.log(JSON.stringify({script}));"""
    done = subprocess.run([NODE, "--input-type=module", "-e", whole], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("convolve([1], [1], 'wide')", "full, same or valid"),
        ("convolve([1], [[1]])", "both be lists or both be grids"),
        ("correlate([], [1])", "must not be empty"),
        ("convolve([[1, 2, 3]], [[1], [1]], 'valid')", "contain the other"),
    ],
)
def test_bad_input_is_refused(call, message):
    script = f"(() => {{ try {{ js.{call}; return ''; }} catch (e) {{ return e.message; }} }})()"
    assert message in run(MATHS, script)


def test_numbers_look_the_same_in_python():
    rng = np.random.default_rng(3)
    values = [0.0, -0.0, 0.125, -0.125, 0.005, -0.005, 1.005, -0.001, 12, -7, 1e6, 99.995, 2.675]
    values += rng.normal(scale=10, size=200).round(3).tolist()
    script = f"[...{json.dumps(values)}, NaN, Infinity, -Infinity].map(js.num)"
    expected = [num(v) for v in [*values, np.nan, np.inf, -np.inf]]
    assert run(HERE / "stage.js", script) == expected


def test_no_case_is_no_pass(tmp_path):
    empty = tmp_path / "cases.json"
    empty.write_text("[]")
    assert judge(MATHS, empty)[0] == 1
