"""The FFT engines: how blocks are taken together."""

import platform
import subprocess
import sys

import numpy as np
import pytest
from test_ops import random

from convlib.engines import guard, overlap_save
from convlib.engines.fourier import Transform


class TestBlocks:
    @pytest.mark.parametrize("dtype", "fdFD")
    @pytest.mark.parametrize("blocks", range(1, 14))
    def test_any_number_of_blocks(self, blocks, dtype):
        """Lanes are filled up with blocks of zeros; 64 blocks of 2048 samples fit the cache."""
        rng = np.random.default_rng(blocks)
        h = random(rng, 49, dtype)
        for n in (blocks * 2000 - 48, blocks * 2000 - 47, blocks * 2000 - 1999 - 48):
            x = random(rng, max(n, 49), dtype)
            shape = (x.size + 48,)
            y = overlap_save.run(x, h, (0,), shape, guard.calm, (2048,))
            bound = 11 * np.finfo(dtype).eps * np.linalg.norm(x) * np.linalg.norm(h)
            assert np.abs(y - np.convolve(x.astype("D"), h.astype("D"))).max() < bound

    def test_how_many_are_transformed(self):
        assert [overlap_save.filled(count, 4) for count in range(1, 10)] == [1, 4, 4, 4, 5, 8, 8, 8, 9]
        assert [overlap_save.filled(count, 2) for count in range(1, 5)] == [1, 2, 3, 4]
        assert [overlap_save.filled(count, 1) for count in range(1, 5)] == [1, 2, 3, 4]

    def test_how_many_blocks_are_transformed_together(self, monkeypatch):
        """The kernel alone, then as many blocks as the cache holds, and the lanes of the rest are filled up."""
        blocks, there = [], Transform.there
        monkeypatch.setattr(Transform, "there", lambda self, a: blocks.append(len(a)) or there(self, a))
        overlap_save.run(np.ones(200_000, "f"), np.ones(97, "f"), (0,), (200_096,), guard.calm, (4096,))
        assert blocks == [97, 32, 20]

    @pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other allocators have other habits")
    @pytest.mark.parametrize("kept", [True, False])
    def test_memory_that_was_freed_is_used_again(self, kept):
        """In a new process, too: without the array that is freed at import, every call faults on its pages."""
        run = """
import resource, sys
import numpy as np
if sys.argv[1] == "False":
    empty = np.empty
    np.empty = lambda shape, *rest, **named: None if shape == 2**24 else empty(shape, *rest, **named)
import convlib
x, h = np.ones(30_000), np.ones(300)
def faults(calls):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(calls):
        convlib.convolve(x, h, method="overlap-save")
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
faults(3)
print(faults(50) / 50)
"""
        done = subprocess.run([sys.executable, "-c", run, str(kept)], check=True, capture_output=True, text=True)
        assert (float(done.stdout) < 5) is kept
