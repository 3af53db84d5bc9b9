"""Dask arrays: lazy, chunked in any way, with the exact overlap, and on two processes of a cluster."""

import json
import os
import re
import subprocess
import sys
from itertools import product
from pathlib import Path

import dask
import dask.array as da
import numpy as np
import pytest
from distributed import Client, LocalCluster

import convlib
from convlib import convolve_dask

ROOT = Path(__file__).resolve().parents[2]
MODES = ("full", "same", "valid")
EPS = np.finfo(np.float64).eps
# Chunks and kernel lengths: even, uneven, shorter than the kernel, empty, longer kernel than signal.
CASES_1D = [
    ((30, 30, 40), 7),
    ((3, 50, 2, 45), 8),
    ((5, 5, 10), 15),
    ((4, 6), 10),
    ((1,) * 10, 4),
    ((0, 3, 0, 7), 3),
    ((0, 3, 0, 7), 1),
    ((10,), 4),
    ((2, 3), 9),
    ((1,), 1),
]
CASES_2D = [
    (((20, 20), (25, 25)), (5, 4)),
    (((3, 17, 20), (25, 24, 1)), (7, 6)),
    (((2, 2, 2), (30,)), (5, 3)),
    (((9, 9), (1, 1, 1)), (1, 3)),
    (((4, 4), (3, 4)), (11, 9)),
    (((4, 4), (3, 4)), (8, 9)),
]


@pytest.fixture(scope="module")
def client():
    where = {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    with (
        dask.config.set({"distributed.nanny.pre-spawn-environ": where}),
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        yield client


@pytest.fixture
def here():
    with dask.config.set(scheduler="synchronous"):
        yield


def bound(x, h):
    return 4 * np.log2(x.size + h.size) * EPS * np.linalg.norm(x) * np.linalg.norm(h)


@pytest.mark.usefixtures("here")
class TestEqualToMemory:
    def test_by_hand(self):
        y = convolve_dask(da.from_array([1, 2, 3], chunks=1), [1, 10])
        assert y.compute().tolist() == [1, 12, 23, 30]

    @pytest.mark.parametrize("mode", MODES)
    @pytest.mark.parametrize("chunks, len_h", CASES_1D)
    def test_1d(self, chunks, len_h, mode):
        rng = np.random.default_rng(0)
        x, h = rng.standard_normal(sum(chunks)), rng.standard_normal(len_h)
        y = convolve_dask(da.from_array(x, chunks=(chunks,)), h, mode)
        expected = convlib.convolve(x, h, mode)
        assert isinstance(y, da.Array) and y.shape == expected.shape and y.dtype == expected.dtype
        computed = y.compute()
        assert computed.shape == expected.shape and computed.dtype == expected.dtype
        np.testing.assert_allclose(computed, expected, rtol=0, atol=bound(x, h))

    @pytest.mark.parametrize("mode", MODES)
    @pytest.mark.parametrize("chunks, h_shape", CASES_2D)
    def test_2d(self, chunks, h_shape, mode):
        rng = np.random.default_rng(1)
        x, h = rng.standard_normal(tuple(map(sum, chunks))), rng.standard_normal(h_shape)
        y = convolve_dask(da.from_array(x, chunks=chunks), h, mode)
        expected = convlib.convolve(x, h, mode)
        assert y.shape == expected.shape
        np.testing.assert_allclose(y.compute(), expected, rtol=0, atol=bound(x, h))
        y = convolve_dask(da.from_array((9 * x).astype(int), chunks=chunks), (9 * h).astype(int), mode)
        assert (y.compute() == convlib.convolve((9 * x).astype(int), (9 * h).astype(int), mode)).all()

    @pytest.mark.parametrize("types", ["bB", "BB", "fd", "ff", "Fd", "di", "?l"])
    def test_types(self, types):
        x, h = (np.array([1, 0, 1, 1]).astype(t) for t in types)
        y = convolve_dask(da.from_array(x, chunks=2), h)
        expected = convlib.convolve(x, h)
        assert y.dtype == y.compute().dtype == expected.dtype
        np.testing.assert_allclose(y.compute(), expected)

    def test_every_block_has_the_shape_that_was_promised(self):
        x = da.from_array(np.arange(60.0).reshape(6, 10), chunks=((1, 3, 2), (4, 6)))
        for mode, k in product(MODES, ((2, 3), (1, 1), (4, 5))):
            y = convolve_dask(x, np.ones(k), mode)
            for index in np.ndindex(y.numblocks):
                shape = tuple(sizes[i] for sizes, i in zip(y.chunks, index, strict=True))
                assert y.blocks[index].compute().shape == shape

    def test_same_keeps_the_chunks(self):
        x = da.zeros((20, 30), chunks=((7, 13), (10, 20)))
        assert convolve_dask(x, np.ones((3, 4)), "same").chunks == x.chunks
        assert convolve_dask(x, np.ones((3, 4))).chunks == ((7, 15), (10, 23))

    def test_only_chunks_shorter_than_the_overlap_are_joined(self):
        assert convolve_dask(da.zeros(6, chunks=1), [1.0]).chunks == ((1,) * 6,)
        assert convolve_dask(da.zeros(20, chunks=5), np.ones(6)).chunks == ((5, 5, 5, 10),)
        assert convolve_dask(da.zeros(20, chunks=5), np.ones(7)).chunks == ((10, 16),)
        assert convolve_dask(da.zeros(14, chunks=5), np.ones(6), "same").chunks == ((5, 5, 4),)
        assert convolve_dask(da.zeros(14, chunks=5), np.ones(6)).chunks == ((5, 14),)

    @pytest.mark.parametrize("bad", [np.nan, np.inf])
    def test_spoils_only_what_its_window_touches(self, bad):
        x = np.ones(40)
        x[19] = bad
        y = convolve_dask(da.from_array(x, chunks=10), np.ones(4)).compute()
        assert np.flatnonzero(~np.isfinite(y)).tolist() == [19, 20, 21, 22]

    def test_an_infinity_in_the_kernel_meets_no_zeros_at_the_edges(self):
        y = convolve_dask(da.ones(6, chunks=3), [1.0, np.inf, 1.0]).compute()
        assert y.tolist() == [1.0, *[np.inf] * 6, 1.0]

    def test_integers_that_do_not_fit(self):
        y = convolve_dask(da.from_array([1, 2**62], chunks=1), [1, 2])
        with pytest.raises(OverflowError):
            y.compute()


@pytest.mark.usefixtures("here")
class TestThePage:
    """Chapter IV-3 is built without Dask: what it shows is run here, letter by letter."""

    def shown(self) -> tuple[str, str]:
        page = json.loads((ROOT / "chapters/4-fft/3-the-price.ipynb").read_text("utf-8"))
        cells = [cell for cell in page["cells"] if cell["id"] == "dask-text"]
        text = "".join(cells[0]["source"])
        return tuple(re.search(rf"```{kind}\n(.*?)```", text, re.DOTALL)[1] for kind in ("python", "text"))

    def test_the_code_prints_what_the_page_says(self, capsys):
        code, output = self.shown()
        exec(code, {})
        assert capsys.readouterr().out == output


@pytest.mark.usefixtures("here")
class TestOnlyWhatIsNeeded:
    def seen(self, chunks, len_h, mode, part):
        """Lengths that the convolution of each chunk sees, overlap included."""
        lengths = []
        original = convlib.dask.convolve

        def spy(x, h):
            lengths.append(x.shape)
            return original(x, h)

        y = convolve_dask(da.zeros(sum(chunks), chunks=(chunks,)), np.ones(len_h), mode)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(convlib.dask, "convolve", spy)
            y[part].compute()
        return sorted(n for (n,) in lengths)

    def test_the_overlap_is_exact(self):
        # One side in "full": len_h − 1 samples before. Both sides in "same": len_h − 1 together.
        assert self.seen((20, 30, 40), 8, "full", slice(None)) == [20, 30 + 7, 40 + 7]
        assert self.seen((20, 30, 40), 8, "same", slice(None)) == [20 + 3, 30 + 7, 40 + 4]
        assert self.seen((20, 30, 40), 1, "full", slice(None)) == [20, 30, 40]

    def test_and_one_less_would_be_wrong(self):
        x, h = np.zeros(9), np.ones(4)
        x[2] = 1.0
        y = convolve_dask(da.from_array(x, chunks=3), h).compute()
        assert y.tolist() == [0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0]

    def test_a_part_of_the_output_computes_only_its_chunks(self):
        assert self.seen((20, 30, 40), 8, "full", slice(0, 5)) == [20]

    def test_nothing_is_computed_before_it_is_asked_for(self):
        def refuse(block):
            raise AssertionError("computed")

        x = da.zeros(100, chunks=10).map_blocks(refuse, meta=np.empty(0))
        for mode in MODES:
            y = convolve_dask(x, np.ones(30), mode)
        with pytest.raises(AssertionError, match="computed"):
            y.compute()

    def test_convlib_does_not_import_dask(self):
        code = "import sys, convlib; print('dask' in sys.modules)"
        ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
        assert ran.stdout.split() == ["False"]


class TestCluster:
    def test_two_processes_share_the_work(self, client):
        pids = client.run(os.getpid)
        assert len(set(pids.values()) | {os.getpid()}) == 3

    @pytest.mark.parametrize("mode", MODES)
    def test_1d(self, client, mode):
        rng = np.random.default_rng(2)
        x, h = rng.standard_normal(200_000), rng.standard_normal(1000)
        chunks = (50_000, 300, 99_700, 50_000)  # one of them shorter than the kernel
        y = convolve_dask(da.from_array(x, chunks=(chunks,)), h, mode)
        expected = convlib.convolve(x, h, mode)
        np.testing.assert_allclose(client.compute(y).result(), expected, rtol=0, atol=bound(x, h))

    @pytest.mark.parametrize("mode", MODES)
    def test_2d(self, client, mode):
        rng = np.random.default_rng(3)
        x, h = rng.standard_normal((300, 260)), rng.standard_normal((21, 14))
        y = convolve_dask(da.from_array(x, chunks=((100, 5, 195), (130, 130))), h, mode)
        expected = convlib.convolve(x, h, mode)
        np.testing.assert_allclose(client.compute(y).result(), expected, rtol=0, atol=bound(x, h))

    def test_a_signal_that_no_process_holds_as_a_whole(self, client):
        """80 MB made chunk by chunk on the workers; only sums come back."""
        n = np.arange(10_000_000)
        x = da.arange(10_000_000, chunks=500_000) % 7
        y = convolve_dask(x, [1, 2, 3])
        total = client.compute(y.sum()).result()
        assert total == 6 * (n % 7).sum()
        assert client.compute(y[5_000_000:5_000_004]).result().tolist() == [
            (i % 7) + 2 * ((i - 1) % 7) + 3 * ((i - 2) % 7) for i in range(5_000_000, 5_000_004)
        ]


class TestBadInput:
    @pytest.mark.parametrize(
        "x, h, mode, error, words",
        [
            (np.ones(3), [1], "full", TypeError, ["x is a ndarray", "a Dask array", "convolve"]),
            (da.ones(3), [[1]], "full", ValueError, ["(3,)", "(1, 1)", "dimensions"]),
            (da.ones(3), [1], "Full", ValueError, ["mode is 'Full'", "'full', 'same', 'valid'"]),
            (da.ones(3), [1], ["full"], ValueError, ["mode is ['full']"]),
            (da.ones(0), [1], "full", ValueError, ["x is empty"]),
            (da.ones(3), [], "full", ValueError, ["h is empty"]),
            (da.ones(3), ["a"], "full", TypeError, ["h has dtype"]),
            (da.from_array(["a", "b"]), [1], "full", TypeError, ["x has dtype <U1"]),
            (da.ones((3, 5)), np.ones((5, 3)), "valid", ValueError, ["(3, 5)", "(5, 3)", "'full', 'same'"]),
        ],
    )
    def test_one_clear_error(self, x, h, mode, error, words):
        with pytest.raises(error) as caught:
            convolve_dask(x, h, mode)
        assert all(word in str(caught.value) for word in words)

    def test_the_message_names_what_is_allowed(self):
        with pytest.raises(ValueError) as caught:
            convolve_dask(da.ones((3, 5)), np.ones((5, 3)), "valid")
        assert str(caught.value) == (
            "x has shape (3, 5) and h has shape (5, 3); mode 'valid' needs one of them at least as long as "
            "the other along every axis; allowed here: 'full', 'same'"
        )

    def test_unknown_chunks(self):
        x = da.ones(9, chunks=3)
        with pytest.raises(ValueError, match="compute_chunk_sizes"):
            convolve_dask(x[x > 0], [1])

    def test_a_mask_is_not_lost(self):
        masked = np.ma.array([1.0, 1e9, 2.0], mask=[False, True, False])
        with pytest.raises(TypeError, match="h is a masked array"):
            convolve_dask(da.ones(3), masked)
        with pytest.raises(TypeError, match="x is a masked array"):
            convolve_dask(da.from_array(masked), [1]).compute(scheduler="sync")
