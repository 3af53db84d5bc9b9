"""The FFT engines: long transforms in two steps, and how blocks are taken together."""

import platform
import subprocess
import sys

import numpy as np
import pytest
from test_engines import random

from convlib.engines import guard, overlap_save
from convlib.engines.fourier import Transform


class TestTransform:
    """The long transform in two steps: what it computes, and when it is taken."""

    @pytest.mark.parametrize("code", "fdFD")
    @pytest.mark.parametrize("n", [2**13, 2**18 + 2**14, 3**10 * 2, 5**7 * 3])
    def test_a_product_of_spectra_is_the_circular_convolution(self, n, code):
        rng = np.random.default_rng(n)
        x, h = (rng.standard_normal(m).astype(code) for m in (n, n // 3))
        if code in "FD":
            x, h = x + x[::-1] * np.array(1j, code), h * np.array(1 - 2j, code)
        transform = Transform((n,), h, together=1)
        assert transform.turns is not None
        y = transform.back(transform.there(x) * transform.there(h), [slice(3, n - 5)])
        wanted = np.fft.ifft(np.fft.fft(x) * np.fft.fft(h, n))[3 : n - 5]
        bound = np.log2(n) * np.finfo(code).eps * np.linalg.norm(x) * np.linalg.norm(h)
        assert y.dtype == x.dtype and np.abs(y - (wanted if code in "FD" else wanted.real)).max() < bound

    def test_several_blocks_at_once(self):
        x = np.random.default_rng(1).standard_normal((3, 2**16)).astype("f")
        transform = Transform((2**16,), x[0], together=3)
        assert transform.turns is not None
        np.testing.assert_allclose(transform.back(transform.there(x), [slice(None)]), x, atol=1e-5)

    def test_the_spectrum_is_there_in_columns(self):
        """Entry (k1, k2) of the matrix is the number of the frequency k1 + n1·k2."""
        x = np.random.default_rng(2).standard_normal(2**16)
        spectrum = Transform((2**16,), x, together=1).there(x)
        assert spectrum.shape == (257, 128)
        np.testing.assert_allclose(spectrum, np.fft.fft(x).reshape(128, 512).T[:257], atol=1e-11)

    @pytest.mark.parametrize("n", [2**13, 245760, 204800, 327680, 69120, 8400])
    @pytest.mark.parametrize("code", "fdFD")
    def test_rows_are_not_whole_pages_apart(self, n, code):
        columns = Transform((n,), np.ones(2, code), together=1).turns.shape[-1]
        assert n % columns == 0 and columns * np.dtype(code.upper()).itemsize % 4096
        assert 1 / 8 < columns**2 / n < 8

    def test_the_larger_side_may_be_the_better_one(self):
        """Rows of 512 complex numbers would be two pages apart; of 320 and 640 the latter is nearer to a square."""
        assert Transform((5 * 2**16,), np.ones(2), together=1).turns.shape[-1] == 640

    @pytest.mark.parametrize(
        "block, code, together",
        [
            ((2**13 - 1,), "d", 1),
            ((2**12 - 1,), "f", 1),
            ((2**16,), "d", 2),
            ((2**16,), "f", 4),
            ((2**16,), "g", 1),
            ((2**16, 2), "d", 1),
        ],
    )
    def test_where_one_step_is_better(self, block, code, together):
        assert Transform(block, np.ones((2,) * len(block), code), together).turns is None


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

    @pytest.mark.parametrize(
        "x_shape, dtype, together",
        [((9000,), "f", 4), ((9000,), "d", 3), ((30_000,), "f", 8), ((200_000,), "f", 32), ((3000,), "f", 1),
         ((2, 9000), "f", 3)],
    )  # fmt: skip
    def test_how_many_blocks_are_transformed_together(self, x_shape, dtype, together, monkeypatch):
        seen, blocks, true, there = [], [], Transform, Transform.there
        monkeypatch.setattr(true, "there", lambda self, a: blocks.append(len(a)) or there(self, a))
        monkeypatch.setattr(overlap_save, "Transform", lambda *given: seen.append(given[2]) or true(*given))
        x, h = np.ones(x_shape, dtype), np.ones((*(1 for _ in x_shape[1:]), 97), dtype)
        block = (*x_shape[:-1], 4096)
        overlap_save.run(x, h, (0,) * x.ndim, (*x_shape[:-1], x_shape[-1] + 96), guard.calm, block)
        assert seen == [together]
        assert blocks[1:] == ([32, 20] if x_shape == (200_000,) else [together])

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
