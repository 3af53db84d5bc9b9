"""The rules of the repository hold, and each rule refuses a tree that breaks it."""

import json
from pathlib import Path

import pytest
from repo_rules import (
    RULES,
    arrows,
    binder,
    checksums,
    clean_files,
    documented,
    index_page,
    links,
    locks,
    names,
    toc,
    tool_arrows,
    tracked,
    versions,
    workflows,
)

ROOT = Path(__file__).resolve().parents[2]
HASH = " \\\n    --hash=sha256:00\n"
WORKFLOW = """on: push
permissions:
  contents: read
jobs:
  test:
    steps:
      - uses: actions/checkout@0123456789abcdef0123456789abcdef01234567 # v1.2.3
  deploy:
    permissions:
      pages: write
"""
EMPTY_SUM = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
FULL = '''"""Convolve.

Parameters
----------
x : array
    Signal.

Returns
-------
array
    Output.

>>> convolve(1)
"""'''
# A tree that keeps every rule; each bad sample changes one file of it.
GOOD = {
    "_toc.yml": "root: intro\nparts:\n  - chapters:\n      - file: chapters/1-a/1-b\n",
    "intro.ipynb": "{}",
    "chapters/1-a/1-b.ipynb": "convolve",
    "chapters/appendix/convlib-api.txt": "`convlib.convolve`",
    "convlib/__init__.py": 'from convlib.ops import convolve\n__version__ = "1.2"\n__all__ = ["convolve"]\n',
    "convlib/ops.py": f"from convlib import engines\ndef convolve(x) -> int:\n    {FULL!r}\n",
    "convlib/engines.py": "import scipy.fft\ndef direct(): ...\n",
    "convlib/signals/data.py": "def _hidden():\n    import matplotlib\n",
    "convlib/signals/README.md": f"| `empty.txt` | `{EMPTY_SUM}` |",
    "convlib/signals/empty.txt": "",
    "tools/book/build.py": "from tools import chapters\nfrom tools.env.node import npm\n",
    "tools/env/node.py": "",
    "README.md": "# A title\n[here](#a-title) [there](convlib/signals/README.md) [net](https://example.org)\n",
    "pyproject.toml": '[project]\nname = "c"\nversion = "1.2"\nreadme = "c.md"\ndependencies = ["numpy>=2"]\n'
    '[project.optional-dependencies]\nnotebooks = ["numpy"]\na = ["c[b]"]\n'
    'dask = ["dask[array]>=2024.8"]\n',
    "c.md": "[net](https://example.org)",
    "CITATION.cff": "version: 1.2\n",
    "CHANGELOG.md": "# Changelog\n\n## 1.2\n\n## 1.1\n",
    ".github/workflows/ci.yml": WORKFLOW,
    "binder/requirements.txt": "# Binder\nnumpy==2.4.6" + HASH,
    "tests/peers/requirements.txt": "dask==2026.8.0" + HASH,
    "requirements.txt": "numpy==2.4.6 ; python_version < '4' \\\n    --hash=sha256:00\n",
    "package.json": json.dumps({"dependencies": {"katex": "1.0.0"}}),
    "package-lock.json": json.dumps(
        {"packages": {"": {}, "node_modules/katex": {"version": "1.0.0", "integrity": "sha512"}}}
    ),
}
BAD = [
    (toc, "chapters/1-a/2-c.md", "", "chapters/1-a/2-c: not in _toc.yml"),
    (toc, "_toc.yml", GOOD["_toc.yml"] + "      - file: gone\n", "_toc.yml: gone is not there"),
    (toc, "_toc.yml", GOOD["_toc.yml"] + "      - file: intro\n", "intro is named twice"),
    (arrows, "convlib/engines.py", "from convlib.ops import convolve", "imports convlib.ops"),
    (arrows, "convlib/engines.py", "from . import ops", "imports convlib.ops"),
    (arrows, "convlib/plotting.py", "from convlib import convolve", "plotting: imports convlib.ops"),
    (arrows, "convlib/plotting.py", "def f():\n    import convlib.ops", "imports convlib.ops"),
    (arrows, "convlib/widgets/a.py", "from ..plotting import x", "imports convlib.plotting"),
    (arrows, "convlib/ops.py", "from scipy import signal", "imports scipy.signal"),
    (arrows, "convlib/ops.py", "def f():\n    from scipy.signal import x", "imports scipy.signal"),
    (arrows, "convlib/signals/data.py", "import matplotlib.cbook", "data: imports matplotlib"),
    (arrows, "convlib/new.py", "", "convlib/new: not in the table of arrows"),
    (documented, "chapters/appendix/convlib-api.txt", "", "convolve: not in the appendix"),
    (
        documented,
        "chapters/appendix/convlib-api.txt",
        ".. automodule:: convlib.ops\n   :members: correlate\n",
        "convolve: not in the appendix",
    ),
    (documented, "chapters/1-a/1-b.ipynb", "", "convolve: used nowhere"),
    (documented, "convlib/ops.py", "def convolve(x): ...", "convolve: no docstring"),
    (documented, "convlib/new.py", "def f(): ...", "new.py: has no __all__"),
    *[
        (documented, "convlib/ops.py", GOOD["convlib/ops.py"].replace(word, "?"), lack)
        for word, lack in {
            "Parameters": "no section Parameters",
            "Returns": "no section Returns",
            ">>>": "no example",
        }.items()
    ],
    (documented, "convlib/ops.py", GOOD["convlib/ops.py"] + "    raise ValueError", "Raises"),
    (documented, "convlib/ops.py", GOOD["convlib/ops.py"].replace("Output.", "A. Turing, 1936."), "start it with the"),
    (clean_files, "big.txt", "x" * 1_000_001, "big.txt: 1000 kB"),
    (clean_files, "lock", '"resolved"' + ': "https://x"', "a registry's address"),
    (clean_files, "a.md", "/".join(["open ", "home", "ada", "x"]), "a path of one machine"),
    (clean_files, "a.md", "C:" r"\Users\ada", "a path of one machine"),
    (clean_files, "a.py", "# TO" + "DO later", "a leftover: TO"),
    (names, "chapters/1-a/My_Page.md", "", "My_Page.md is not lower case"),
    (names, "_static/a.js", "", "_static: Jupyter Book would load"),
    (tool_arrows, "tools/env/node.py", "import tools.book.build", "tools/env/node.py: imports tools.book"),
    (tool_arrows, "tools/env/node.py", "import tests.browser", "imports tests, which is a test"),
    (checksums, "convlib/signals/new.txt", "new", "new.txt: not in convlib/signals/README.md"),
    (checksums, "convlib/signals/empty.txt", "changed", "empty.txt: not in convlib/signals/README.md"),
    (checksums, "convlib/signals/README.md", f"empty.txt {EMPTY_SUM} {'0' * 64}", "is the sum of nothing"),
    (links, "README.md", "[x](gone.md)", "README.md: gone.md leads nowhere"),
    (links, "README.md", '<img src="gone.svg">', "README.md: gone.svg leads nowhere"),
    (links, "README.md", "[x](#gone)", "README.md: #gone: no such heading"),
    (locks, "pyproject.toml", GOOD["pyproject.toml"].replace(">=2", ">=3"), "numpy>=3 is asked"),
    (locks, "pyproject.toml", GOOD["pyproject.toml"].replace("c[b]", "dask"), "dask is asked for"),
    (locks, "tests/peers/requirements.txt", "dask==2024.7\n", "dask[array]>=2024.8 is asked for"),
    (locks, "requirements.txt", "numpy==2.4.6\n", "numpy==2.4.6 has no hash"),
    (locks, "binder/requirements.txt", "numpy==2.4.6\n", "binder/requirements.txt: numpy==2.4.6 has no hash"),
    (workflows, ".github/workflows/ci.yml", WORKFLOW.replace(" # v1.2.3", ""), "is not pinned by commit"),
    (
        workflows,
        ".github/workflows/ci.yml",
        WORKFLOW.replace("contents: read", "contents: write"),
        "the whole may write",
    ),
    (workflows, ".github/workflows/ci.yml", WORKFLOW.replace("deploy:", "build:"), "build may write"),
    (workflows, ".github/workflows/ci.yml", "on: push\njobs: {}\n", "does not say what its jobs may do"),
    (index_page, "c.md", "[x](README.md)", "c.md: README.md works in the repository only"),
    (versions, "CITATION.cff", "version: 1.1\n", "CITATION.cff: says another version than pyproject.toml, 1.2"),
    (versions, "CHANGELOG.md", "## 1.1\n", "begins with 1.1, pyproject.toml has 1.2"),
    (binder, "binder/requirements.txt", "numpy==2.4.5", "numpy==2.4.5, and ['2.4.6'] in"),
    (binder, "binder/requirements.txt", "scipy==1.0", "numpy>=2 is missing"),
    (locks, "package.json", '{"devDependencies": {"axe": "1.0.0"}}', "axe 1.0.0 is asked for"),
    (locks, "package-lock.json", GOOD["package-lock.json"].replace("integ", ""), "no integrity"),
    (locks, "tools/hub/package.json", '{"dependencies": {"proxy": "1.0.0"}}', "proxy 1.0.0 is asked for"),
]


def plant(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_repository_keeps(rule):
    found = rule(ROOT)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_good_tree_passes(rule, tmp_path):
    plant(tmp_path, GOOD)
    assert rule(tmp_path) == []


@pytest.mark.parametrize(("rule", "name", "text", "complaint"), BAD)
def test_a_bad_tree_is_refused(rule, name, text, complaint, tmp_path):
    plant(tmp_path, GOOD | {name: text})
    assert complaint in "\n".join(rule(tmp_path))


def test_a_module_listed_whole_is_documented(tmp_path):
    listing = ".. automodule:: convlib.ops\n   :members:\n"
    plant(tmp_path, GOOD | {"chapters/appendix/convlib-api.txt": listing})
    assert documented(tmp_path) == []


def test_every_rule_has_a_bad_tree():
    assert {rule for rule, *_ in BAD} == set(RULES)


def test_a_tree_without_git_is_read_without_what_git_ignores(tmp_path):
    plant(tmp_path, {"a.py": "", ".gitignore": "/_build/\n*.egg-info/\n", "_build/b.py": "", "c.egg-info/d": ""})
    assert [f.name for f in tracked(tmp_path)] == [".gitignore", "a.py"]
