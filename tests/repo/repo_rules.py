"""The rules of the repository: each takes the root of a tree and returns what breaks the rule."""

import ast
import hashlib
import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# Who may import whom (importer: imported); what checks arguments, everybody. A module that is not named here may
# import no other.
ARROWS = {
    "__init__": {"ops", "engines", "stream", "dask", "trace", "signals", "nn"},
    "ops": {"engines"},
    "stream": {"ops", "engines"},
    "dask": {"ops"},
    "trace": {"ops"},
    "signals": {"ops"},
    # Layers multiply their matrices as the engines do: in parts that BLAS computes on one thread.
    "nn": {"engines"},
    "checks": {"ops", "trace", "nn", "signals"},
    # An interactive shows the planner's own estimates, so that page and planner cannot differ.
    "widgets": {"checks", "conventions", "ops", "signals", "trace", "nn", "engines"},
}
LEAVES = {"arguments", "conventions", "engines", "plotting"}
# The rooms of tools/ and what each may import; what stands beside them is for all.
ROOMS: dict[str, set[str]] = {
    "env": set(),
    "notebooks": set(),
    "atlas": {"env", "notebooks"},
    "bench": {"env"},
    "slides": {"env", "notebooks"},
    "editions": {"notebooks", "slides"},
    "hub": {"env", "editions"},
    "book": {"env", "notebooks"},
}
INIT = "__init__.py"
# Nothing in them is for readers.
INTERNAL = {
    "arguments",
    "checks.declaration",
    "checks.judging",
    "checks.words",
    "conventions",
    "engines",
    "nn.im2col",
    "nn.taps",
    "widgets.lib.base",
    "widgets.lib.shapes",
    "widgets.lib.traits",
}
NODE = (".", "tools/hub")  # where a package.json and its lock stand
IN_PEERS = {"dask"}  # extras whose packages are pinned in tests/peers/requirements.txt
HEAVY = {"matplotlib", "anywidget", "ipywidgets", "traitlets", "IPython"}
MAY_BE_HEAVY = {"plotting", "widgets"}
PAGE_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9.]+)?")
ADDRESSES = re.compile(
    r'"resolved"\s*:\s*"http|--(?:extra-)?index-url|https?://(?:files|registry)\.\w'
    r"|https?://[\w.:-]+/simple\b"
)
MACHINE = re.compile(r"(?<![\w.~/-])/(?:home|root|Users|work)/\w|\b[A-Z]:\\\\?Users\\")
LEFT_OVER = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK|Not" r"ImplementedError)\b")
# Sphinx reads "I. Goodfellow …" as the first item of a list.
INITIALS = re.compile(r"^ *([A-Za-z]\. \S+)", re.MULTILINE)
AUTOMODULE = re.compile(r"automodule:: (\S+)\n +:members:\s*\n(?! +:exclude)")
LINK = re.compile(r"\]\(([^()\s]+)\)|(?:href|src)=\"([^\"]+)\"")


@cache
def tracked(root: Path) -> list[Path]:
    """Files that git holds or would hold; every file where there is no repository."""
    command = ["git", "-C", str(root), "ls-files", "-co", "--exclude-standard", "-z"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    if (root / ".git").exists() and listed.returncode == 0:
        return sorted(f for name in set(listed.stdout.split("\0")) if (f := root / name).is_file())
    ignored = root / ".gitignore"
    skip = [line.strip("/") for line in ignored.read_text("utf-8").split()] if ignored.exists() else []
    files = (f for f in root.rglob("*") if f.is_file())
    return sorted(f for f in files if not any(fnmatch(p, s) for p in f.relative_to(root).parts for s in skip))


def toc(root: Path) -> list[str]:
    """Every page is in the table of contents, and the table names only pages."""
    named = sorted(_files(yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))))
    pages = [p for p in tracked(root) if p.suffix in (".md", ".ipynb")]
    pages = [p for p in pages if p.is_relative_to(root / "chapters") or p.stem == "intro"]
    there = {str(p.relative_to(root).with_suffix("")) for p in pages}
    wanted = {name.removesuffix(".md").removesuffix(".ipynb") for name in named}
    twice = {name for name in named if named.count(name) > 1}
    return (
        [f"_toc.yml: {name} is not there" for name in sorted(wanted - there)]
        + [f"{name}: not in _toc.yml" for name in sorted(there - wanted)]
        + [f"_toc.yml: {name} is named twice" for name in sorted(twice)]
    )


def _files(node: object) -> Iterator[str]:
    if isinstance(node, list):
        for child in node:
            yield from _files(child)
    elif isinstance(node, dict):
        yield from (node[key] for key in ("root", "file") if key in node)
        for child in node.values():
            yield from _files(child)


@cache
def modules(root: Path) -> dict[str, ast.Module]:
    """The modules of convlib by their dotted names below it."""
    package = root / "convlib"
    return {
        ".".join(p.relative_to(package).with_suffix("").parts): ast.parse(p.read_text("utf-8"))
        for p in sorted(package.rglob("*.py"))
    }


def arrows(root: Path) -> list[str]:
    """Imports inside convlib follow the arrows, and heavy ones stay in their place."""
    found = []
    trees = modules(root)
    tops = {name.split(".")[0] for name in trees}
    homes = {what: module for module, what in _imports(trees["__init__"], "__init__")}
    for name, tree in trees.items():
        part = name.split(".")[0]
        if part not in ARROWS and part not in LEAVES:
            found.append(f"convlib/{name}: not in the table of arrows; say what it may import")
        at_top = {id(node) for node in tree.body}
        for module, what in _imports(tree, name):
            target = _target(module, what, tops, homes)
            if target and target != part and target not in ARROWS.get(part, set()) | {"arguments"}:
                found.append(f"convlib/{name}: imports convlib.{target}")
            if f"{module}.{what}".startswith("scipy.signal"):
                found.append(f"convlib/{name}: imports scipy.signal, which takes a second")
        for node in ast.walk(tree):
            heavy = HEAVY & {m.split(".")[0] for m, _ in _imports(node, name, deep=False)}
            if heavy and part not in MAY_BE_HEAVY and id(node) in at_top:
                found.append(f"convlib/{name}: imports {heavy.pop()}, so that convlib needs it")
    return found


def _imports(tree: ast.AST, importer: str, deep: bool = True) -> Iterator[tuple[str, str]]:
    """(module, name) of every import; relative ones are written out."""
    package = ["convlib", *importer.split(".")[:-1]]
    for node in ast.walk(tree) if deep else [tree]:
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield from ((module, alias.name) for alias in node.names)


def _target(module: str, what: str, tops: set[str], homes: dict[str, str]) -> str:
    """The part of convlib that an import reaches; empty for anything outside."""
    first, _, rest = module.partition(".")
    if first != "convlib":
        return ""
    if rest:
        return rest.split(".")[0]
    if what in tops:
        return what
    return homes.get(what, "convlib.__init__").split(".")[1]


def documented(root: Path) -> list[str]:
    """Every public name of convlib has a full docstring, a place in the appendix and a use."""
    appendix = root / "chapters/appendix"
    pages = sorted([*appendix.glob("convlib-api.*"), *appendix.glob("convlib-api/*")])
    page = "\n".join(p.read_text(encoding="utf-8") for p in pages)
    whole = {m.removeprefix("convlib.") for m in AUTOMODULE.findall(page)}
    files = [p for p in tracked(root) if p.suffix in (".py", ".md", ".ipynb") and p not in pages]
    words = {p: set(re.findall(r"\w+", p.read_text(encoding="utf-8"))) for p in files}
    found = []
    for module, public in _public(modules(root)).items():
        own = root / "convlib" / (module.replace(".", "/") + ".py")
        elsewhere = set().union(*(w for p, w in words.items() if p not in (own, own.parent / INIT)))
        if not public:
            found.append(f"convlib/{module}.py: has no __all__, and no index names anything of it")
        for name, node in public.items():
            where = f"convlib/{module}.py: {name}"
            found += [f"{where}: {lack}" for lack in _docstring_lacks(node)]
            listed = module.removesuffix(".__init__") in whole or re.search(rf"\b{name}\b", page)
            found += [] if listed else [f"{where}: not in the appendix convlib-api"]
            found += [] if name in elsewhere else [f"{where}: used nowhere"]
    return found


def _public(trees: dict[str, ast.Module]) -> dict[str, dict[str, ast.FunctionDef | ast.ClassDef]]:
    """Module: what it defines for readers, by its own `__all__` or by that of an index."""
    index = {n for module, tree in trees.items() if module.endswith("__init__") for n in _all(tree)}
    public = {}
    for module, tree in trees.items():
        made = {
            n.name: n for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef) if not n.name.startswith("_")
        }
        named = _all(tree) or (made if module.split(".")[-1] in index else [])
        kept = {name: node for name, node in made.items() if name in {*index, *named}}
        if kept or (made and not {module, module.split(".")[0]} & INTERNAL):
            public[module] = kept
    return public


def _all(tree: ast.Module) -> list[str]:
    """The names in `__all__`."""
    lists = [
        n.value
        for n in tree.body
        if isinstance(n, ast.Assign) and any(getattr(t, "id", "") == "__all__" for t in n.targets)
    ]
    return ast.literal_eval(lists[0]) if lists else []


def _docstring_lacks(node: ast.FunctionDef | ast.ClassDef) -> Iterator[str]:
    text = ast.get_docstring(node) or ""
    if not text:
        yield "no docstring"
        return
    for initials in INITIALS.findall(text):
        yield f"the line {initials!r} … would be numbered; start it with the surname"
    wanted = []
    if isinstance(node, ast.FunctionDef):
        if ">>>" not in text:
            yield "the docstring has no example"
        arguments = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
        returns = ast.unparse(node.returns) if node.returns else "None"
        raises = any(isinstance(n, ast.Raise) for n in ast.walk(node))
        wanted = ["Parameters"] * bool(arguments) + ["Returns"] * (returns != "None")
        wanted += ["Raises"] * raises
    for section in wanted:
        if not re.search(rf"^{section}\n-+$", text, re.MULTILINE):
            yield f"the docstring has no section {section}"


def clean_files(root: Path) -> list[str]:
    """No large file, registry address, path of one machine or leftover in anything tracked."""
    found = []
    here = {str(root.resolve()) + "/", str(Path.home()) + "/"}
    for path in tracked(root):
        name, raw = path.relative_to(root), path.read_bytes()
        if len(raw) > 1_000_000:
            found.append(f"{name}: {len(raw) // 1000} kB; the limit is 1 MB")
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            continue
        for rule, what in (
            (ADDRESSES, "a registry's address"),
            (MACHINE, "a path of one machine"),
            (LEFT_OVER, "a leftover"),
        ):
            found += [f"{name}: {what}: {m[0]}" for m in [rule.search(text)] if m]
        found += [f"{name}: a path of this machine: {p}" for p in here if len(p) > 4 and p in text]
    return found


def names(root: Path) -> list[str]:
    """Pages become URLs: lower case with hyphens; and Jupyter Book loads all of `_static`."""
    found = ["_static: Jupyter Book would load every script in it"] * (root / "_static").exists()
    for path in tracked(root):
        name = path.relative_to(root)
        if name.parts[0] in ("chapters", "slides", "web") and name.name != "README.md":
            found += [
                f"{name}: {part} is not lower case with hyphens" for part in name.parts if not PAGE_NAME.fullmatch(part)
            ]
    return found


def tool_arrows(root: Path) -> list[str]:
    """Each room of tools/ imports rooms below it, and none of them a test."""
    found = []
    tests = {p.stem for p in (root / "tests").rglob("*.py")} | {"tests"}
    for path in sorted((root / "tools").rglob("*.py")):
        inside = path.relative_to(root / "tools").parts
        room = inside[0] if len(inside) > 1 else ""
        for module, what in _imports(ast.parse(path.read_text("utf-8")), "tools"):
            first, _, rest = f"{module}.{what}".partition(".")
            other = rest.split(".")[0]
            known = first == "tools" and other in ROOMS
            if known and other != room and other not in ROOMS.get(room, ()):
                found.append(f"tools/{'/'.join(inside)}: imports tools.{other}")
            if first in tests:
                found.append(f"tools/{'/'.join(inside)}: imports {first}, which is a test")
    return found


def checksums(root: Path) -> list[str]:
    """The README.md beside the data files names each of them with its SHA-256, and no other sum."""
    home = root / "convlib/signals"
    text = (home / "README.md").read_text(encoding="utf-8")
    files = [p for p in tracked(root) if p.parent == home and p.suffix not in (".md", ".py")]
    sums = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in files}
    found = [
        f"{name}: not in convlib/signals/README.md with its SHA-256 {digest}"
        for name, digest in sums.items()
        if name not in text or digest not in text
    ]
    code = "".join(ast.unparse(tree) for name, tree in modules(root).items() if name == "signals.data")
    stated = set(re.findall(r"\b[0-9a-f]{64}\b", text))
    known = {*sums.values(), *re.findall(r"\b[0-9a-f]{64}\b", code)}
    return found + [f"convlib/signals/README.md: {s} is the sum of nothing" for s in sorted(stated - known)]


def links(root: Path) -> list[str]:
    """Relative links of the documents outside the book exist, headings included."""
    found = []
    documents = [p for p in tracked(root) if p.suffix == ".md" and "chapters" not in p.parts]
    for path in (p for p in documents if p != root / "intro.md"):
        text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for link in (a or b for a, b in LINK.findall(text)):
            target, _, heading = link.partition("#")
            if re.match(r"[a-z]+:", link):
                continue
            file = (path.parent / target).resolve() if target else path
            if not file.exists():
                found.append(f"{path.relative_to(root)}: {link} leads nowhere")
            elif heading and file.suffix == ".md" and heading not in _headings(file):
                found.append(f"{path.relative_to(root)}: {link}: no such heading")
    return found


def _headings(path: Path) -> set[str]:
    titles = re.findall(r"^#+ +(.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def locks(root: Path) -> list[str]:
    """The locks hold what pyproject.toml and package.json ask for, exactly and with hashes."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project.get("optional-dependencies", {})
    apart = [r for name in IN_PEERS for r in extras.pop(name, [])]
    asked = [r for r in sum(extras.values(), project["dependencies"]) if not r.startswith(f"{project['name']}[")]
    files = [f for f in tracked(root) if f.suffix == ".txt" and "requirements" in f.stem]
    found = [
        f"{file.relative_to(root)}: {entry.split()[0]} has no hash"
        for file in files
        for entry in _entries(file.read_text(encoding="utf-8"))
        if "--hash=sha256:" not in entry
    ]
    found += _unpinned(root, "requirements.txt", asked)
    found += _unpinned(root, "tests/peers/requirements.txt", apart) if apart else []
    return found + [line for name in NODE for line in _node_lock(root / name)]


def _unpinned(root: Path, lock: str, asked: list[str]) -> list[str]:
    versions, found = _versions((root / lock).read_text(encoding="utf-8")), []
    for need in map(Requirement, asked):
        have = versions.get(canonicalize_name(need.name), [])
        if not have or not all(need.specifier.contains(v, prereleases=True) for v in have):
            found.append(f"{lock}: {need} is asked for, {have or 'nothing'} is pinned")
    return found


def _entries(lock: str) -> list[str]:
    joined = lock.replace("\\\n", " ").splitlines()
    return [line for line in joined if line and not line.startswith("#")]


def _versions(lock: str) -> dict[str, list[str]]:
    """Package: its versions, more than one where they depend on the Python."""
    versions: dict[str, list[str]] = {}
    for entry in _entries(lock):
        name, _, rest = entry.partition("==")
        versions.setdefault(canonicalize_name(name.strip()), []).append(re.split(r"[\s;]", rest)[0])
    return versions


def _node_lock(folder: Path) -> list[str]:
    package, lock = (
        json.loads(file.read_text("utf-8")) if (file := folder / name).exists() else {}
        for name in ("package.json", "package-lock.json")
    )
    asked, held = package.get("dependencies", {}) | package.get("devDependencies", {}), lock.get("packages", {})
    found = [
        f"package-lock.json: {name} {version} is asked for, and not locked"
        for name, version in asked.items()
        if held.get(f"node_modules/{name}", {}).get("version") != version
    ]
    return found + [
        f"package-lock.json: {name} has no integrity hash"
        for name, entry in held.items()
        if name and "integrity" not in entry
    ]


def binder(root: Path) -> list[str]:
    """Binder's environment has what the notebooks need, in the versions of the main lock."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = project["dependencies"] + project["optional-dependencies"]["notebooks"]
    pins = _versions((root / "binder/requirements.txt").read_text(encoding="utf-8"))
    main = _versions((root / "requirements.txt").read_text(encoding="utf-8"))
    found = [
        f"binder/requirements.txt: {name}=={version}, and {main[name]} in requirements.txt"
        for name, versions in pins.items()
        for version in versions
        if version not in main.get(name, [version])
    ]
    return found + [
        f"binder/requirements.txt: {r} is missing" for r in needed if canonicalize_name(Requirement(r).name) not in pins
    ]


def workflows(root: Path) -> list[str]:
    """Actions are pinned by commit, with their version beside it, and only a job that deploys may write."""
    found = []
    for path in sorted((root / ".github/workflows").glob("*.yml")):
        name, text = path.relative_to(root), path.read_text(encoding="utf-8")
        for used in re.findall(r"uses: *(.*)", text):
            if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)+", used):
                found.append(f"{name}: {used} is not pinned by commit, or does not say which version that is")
        course = yaml.safe_load(text)
        for where, part in {"the whole": course, **course["jobs"]}.items():
            writes = part.get("permissions", {})
            may = where == "deploy" or "write" not in (writes.values() if isinstance(writes, dict) else [writes])
            if not may or "write-all" in str(writes):
                found.append(f"{name}: {where} may write")
        if "permissions" not in course:
            found.append(f"{name}: does not say what its jobs may do")
    return found


def index_page(root: Path) -> list[str]:
    """What a package index shows of convlib has no link into this repository: there it would lead nowhere."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    readme = project["readme"]
    found = [a or b for a, b in LINK.findall((root / readme).read_text(encoding="utf-8"))]
    return [f"{readme}: {link} works in the repository only" for link in found if not re.match(r"https?://|#", link)]


def versions(root: Path) -> list[str]:
    """One version everywhere; the changelog begins with it, or with what is to come after it."""
    version = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    stated = {"convlib/__init__.py": f'__version__ = "{version}"', "CITATION.cff": f"version: {version}"}
    found = [
        f"{name}: says another version than pyproject.toml, {version}"
        for name, line in stated.items()
        if line not in (root / name).read_text(encoding="utf-8").splitlines()
    ]
    newest = re.search(r"^## (\S+)", (root / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)[1]
    if newest not in ("Unreleased", version):
        found.append(f"CHANGELOG.md: begins with {newest}, pyproject.toml has {version}")
    return found


RULES = (
    toc,
    arrows,
    documented,
    clean_files,
    names,
    tool_arrows,
    checksums,
    links,
    locks,
    binder,
    workflows,
    index_page,
    versions,
)
