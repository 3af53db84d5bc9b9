"""Start a hub with the programs of its own environment, and stop all that came of it."""

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

import psutil

from tools import ROOT
from tools.editions.handout import commit, student_files
from tools.env.node import node_path, npm
from tools.env.peers import TESTS, environment

HERE = Path(__file__).parent
SETTINGS = ROOT / "binder/jupyterhub_config.py"
LOCK = TESTS / "requirements-hub.txt"
BUILD = ROOT / "_build/hub"
MARK = "HUB_MARK"  # in the environment of every process that the hub starts, however deep
SECONDS = 60
OURS = re.compile(r"PYTHON|VIRTUAL_ENV|JUPYTER|IPYTHON|\w+_NUM_THREADS$")


@dataclass(frozen=True)
class Hub:
    """A running hub."""

    address: str
    token: str
    mark: str
    repository: Path

    def ask(self, path: str, method: str = "GET", body: object = None) -> object:
        """The answer of the hub, or of a student's server, to a request with the class's own token."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"token {self.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.address}{path}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=5 * SECONDS) as answer:
            text = answer.read().decode()
        return json.loads(text) if text.startswith(("{", "[")) else text


@cache
def installed() -> tuple[Path, list[str]]:
    """The Python of the environment, with the course in it as on Binder, and the command of the proxy."""
    python = environment("hub", LOCK)
    built = subprocess.run(["binder/postBuild"], cwd=ROOT, env=outside(python), capture_output=True, text=True)
    if built.returncode:
        raise SystemExit(f"make hub: binder/postBuild failed\n{built.stdout}{built.stderr}")
    stamp, lock = BUILD / ".installed", sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != lock:
        BUILD.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy2(HERE / name, BUILD)
        shutil.copy2(ROOT / ".npmrc", BUILD)
        if npm("ci", "--loglevel=error", cwd=BUILD, stdout=subprocess.DEVNULL).returncode:
            raise SystemExit("make hub: `npm ci` failed; this step needs the network (the npm registry)")
        stamp.write_text(lock)
    return python, [str(node_path()), str(BUILD / "node_modules/configurable-http-proxy/bin/configurable-http-proxy")]


def outside(python: Path) -> dict[str, str]:
    """Where the programs beside this Python come first, and nothing is set that a student's machine does not set."""
    env = {name: value for name, value in os.environ.items() if not OURS.match(name)}
    return env | {"PATH": f"{python.parent}{os.pathsep}{env['PATH']}"}


def marked(mark: str) -> list[psutil.Process]:
    """Every process that carries this mark."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.environ().get(MARK) == mark:
                found.append(process)
    return found


def stop(mark: str) -> None:
    """End what is left of a hub, first kindly."""
    for end in (psutil.Process.terminate, psutil.Process.kill):
        left = marked(mark)
        for process in left:
            with suppress(psutil.Error):
                end(process)
        psutil.wait_procs(left, timeout=10)


def free_ports(count: int) -> list[int]:
    with ExitStack() as all_open:
        taken = [all_open.enter_context(socket.socket()) for _ in range(count)]
        for one in taken:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in taken]


@contextmanager
def running() -> Iterator[Hub]:
    """A hub whose students get the edition of this tree; however the block ends, nothing of it is left."""
    python, proxy = installed()
    mark, token = secrets.token_hex(16), secrets.token_hex(16)
    public, api, inner = free_ports(3)
    # A short path of its own: the sockets of the kernels lie below it.
    home = Path(tempfile.mkdtemp(prefix="hub-"))
    env = outside(python) | {"TMPDIR": str(home), MARK: mark}
    env |= dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "course")
    env |= dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "course@example.org")
    repository = home / "repositories/flip-and-slide"
    try:
        os.environ |= {name: value for name, value in env.items() if name.startswith("GIT_")}
        commit(student_files(), repository)
        settings = {"HUB_HOME": home, "HUB_PORT": public, "HUB_API_PORT": api, "HUB_PROXY_PORT": inner}
        settings |= {"HUB_TOKEN": token, "HUB_SETTINGS": SETTINGS, "HUB_PROXY": "\t".join(proxy)}
        env |= {name: str(value) for name, value in settings.items()}
        hub = Hub(f"http://127.0.0.1:{public}", token, mark, repository)
        with (home / "hub.log").open("w") as log:
            command = [python.parent / "jupyterhub", "-f", HERE / "jupyterhub_config.py"]
            # A session of its own: an interrupt from the keyboard reaches this program alone, which then ends the hub.
            process = subprocess.Popen(command, cwd=home, env=env, stdout=log, stderr=log, start_new_session=True)
        try:
            wait_for(hub, process, home / "hub.log")
            yield hub
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(SECONDS)
    finally:
        stop(mark)
        shutil.rmtree(home, ignore_errors=True)


def wait_for(hub: Hub, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + 5 * SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError):
            hub.ask("/hub/api/users")
            return
        time.sleep(0.2)
    raise SystemExit(f"make hub: the hub did not start\n{log.read_text('utf-8')}")
