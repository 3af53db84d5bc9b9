"""tools/env/chromium.py: which browser is taken, in which order, and what is said when there is none."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from tools import ROOT
from tools.env import chromium as finder


@pytest.fixture(autouse=True)
def bare_machine(tmp_path, monkeypatch):
    """A machine with an empty home, an empty PATH and nothing in the usual places."""
    for name in ("CHROME", "PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "playwright"))
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    monkeypatch.setattr(finder.os, "geteuid", lambda: 1000, raising=False)
    installed = []
    monkeypatch.setattr(finder, "install_commands", lambda: iter(installed))
    return installed


def program(path: Path, code: int = 0) -> str:
    """A program that answers `--version` with this exit code."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho a browser\nexit {code}\n")
    path.chmod(0o755)
    return str(path)


def test_chrome_in_the_environment_decides(tmp_path, monkeypatch):
    program(tmp_path / "bin/chromium")
    mine = program(tmp_path / "mine/chrome")
    monkeypatch.setenv("CHROME", mine)
    assert finder.chromium_path() == mine


def test_a_wrong_chrome_is_not_passed_over(tmp_path, monkeypatch):
    program(tmp_path / "bin/chromium")
    monkeypatch.setenv("CHROME", "/nowhere/chrome")
    with pytest.raises(SystemExit, match=r"^CHROME=/nowhere/chrome is not a program[^\n]*$"):
        finder.chromium_path()


PLACES = [
    *(f"bin/{name}" for name in finder.NAMES),
    *(f"home/Applications/{name}.app/Contents/MacOS/{name}" for name in ("Google Chrome", "Chromium")),
]


@pytest.mark.parametrize("place", PLACES)
def test_on_path_and_on_macos(place, tmp_path):
    found = program(tmp_path / place)
    assert finder.chromium_path() == found


def test_a_stub_that_does_not_start_is_passed_over(tmp_path):
    program(tmp_path / "bin/chromium", code=1)
    sound = program(tmp_path / "bin/google-chrome")
    assert finder.chromium_path() == sound


@pytest.mark.parametrize("place", ["Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe"])
def test_windows(place, tmp_path, monkeypatch):
    monkeypatch.setattr(finder.sys, "platform", "win32")
    monkeypatch.setenv("PROGRAMFILES", str(tmp_path / "Programs"))
    installed = program(tmp_path / "Programs" / place)
    assert finder.chromium_path() == installed


def test_the_newest_that_playwright_has(tmp_path):
    cache = tmp_path / "playwright"
    program(cache / "chromium-999/chrome-linux/chrome")
    newest = program(cache / "chromium-1200/chrome-linux64/chrome")
    assert finder.chromium_path() == newest


def test_it_installs_until_there_is_one(tmp_path, bare_machine, monkeypatch, capsys):
    bare_machine += [["first"], ["second"], ["third"]]
    ran = []

    def run(command, **kwargs):
        ran.append(command)
        if command == ["second"]:
            program(tmp_path / "bin/chromium")
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(finder.subprocess, "run", run)
    assert finder.chromium_path() == str(tmp_path / "bin/chromium")
    assert [c for c in ran if len(c) == 1] == [["first"], ["second"]]
    assert capsys.readouterr().out == ""


def test_one_line_when_there_is_no_way():
    with pytest.raises(SystemExit) as said:
        finder.chromium_path()
    assert said.value.code == finder.ADVICE and "\n" not in finder.ADVICE


@pytest.mark.parametrize(
    ("uid", "apt", "first"), [(0, True, "apt-get"), (1000, True, sys.executable), (0, False, sys.executable)]
)
def test_apt_only_as_root_and_where_there_is_apt(uid, apt, first, tmp_path, monkeypatch):
    fresh = importlib.reload(finder)  # without what the fixture replaced
    monkeypatch.setattr(fresh.os, "geteuid", lambda: uid, raising=False)
    if apt:
        program(tmp_path / "bin/apt-get")
    assert next(fresh.install_commands())[0] == first


def test_the_script_prints_the_path_alone(tmp_path, monkeypatch):
    mine = program(tmp_path / "chrome")
    monkeypatch.setenv("CHROME", mine)
    done = subprocess.run([sys.executable, "-m", "tools.env.chromium"], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, mine, "")
    monkeypatch.setenv("CHROME", str(tmp_path / "none"))
    done = subprocess.run([sys.executable, "-m", "tools.env.chromium"], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "") and len(done.stderr.splitlines()) == 1
