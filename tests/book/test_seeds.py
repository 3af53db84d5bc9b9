"""The stored runs of chapter I-5: made by the code that stands on its page now, and what it says of them."""

import json
from hashlib import sha256

import numpy as np
import pytest

from tools.bench import seeds as train_seeds

STORED = json.loads(train_seeds.OUT.read_text(encoding="utf-8"))


def test_made_by_the_code_on_the_page():
    assert STORED["code"] == train_seeds.fingerprint(train_seeds.code(*train_seeds.CELLS)), "run `make seeds`"


def test_the_fingerprint_sees_what_matters_and_nothing_else():
    print_of = train_seeds.fingerprint
    assert print_of("rate = 0.05  # a comment\n") == print_of("rate = (\n    0.05\n)")
    assert print_of("rate = 0.05") != print_of("rate = 0.06")


def test_ten_independent_networks_for_each_operation():
    assert set(STORED["runs"]) == set(train_seeds.OPERATIONS) == {"cross-correlation", "convolution"}
    for runs in STORED["runs"].values():
        assert [run["seed"] for run in runs] == list(range(10))
        assert all(0.94 * STORED["tested"] < run["right"] <= STORED["tested"] for run in runs)
    assert STORED["tested"] == 382
    assert {"processor", "system", "versions"} == set(STORED["machine"])


@pytest.mark.parametrize("seed", [0, 7])
def test_no_two_networks_start_alike(seed):
    first, other = (np.random.default_rng([flip, seed]).normal(size=5) for flip in (False, True))
    assert not np.isclose(first, other).any()


def test_a_new_result_renews_its_checksum(tmp_path, monkeypatch):
    out, readme = tmp_path / "seeds.json", tmp_path / "README.md"
    out.write_text("old")
    readme.write_text(f"| `seeds.json` | `{sha256(b'old').hexdigest()}` |")
    monkeypatch.setattr(train_seeds, "OUT", out)
    train_seeds.write("new")
    assert out.read_text() == "new"
    assert readme.read_text() == f"| `seeds.json` | `{sha256(b'new').hexdigest()}` |"
