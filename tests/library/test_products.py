"""Products of matrices: in parts that BLAS computes on one thread, and the same numbers."""

import ast
from pathlib import Path

import numpy as np
import pytest
from test_ops import random

import convlib
from convlib import nn
from convlib.engines import products

PACKAGE = Path(convlib.__file__).parent
DRAW = np.random.default_rng


@pytest.fixture
def issued(monkeypatch):
    """Rows, terms, columns and type of every product that `products` hands to NumPy."""
    found = []

    def watched(true):
        def call(a, b, out=None):
            shape = (a.shape[-2] if a.ndim > 1 else 1, a.shape[-1], b.shape[-1])
            found.append((shape, a.dtype.kind))
            return true(a, b, out=out)

        return call

    for name in ("matmul", "dot"):
        monkeypatch.setattr(products.np, name, watched(getattr(np, name)))
    return found


def too_large(shape, kind):
    """Whether OpenBLAS 0.3.27 to 0.3.31 would share the product out to threads."""
    rows, _, columns = shape
    vector = min(rows, columns) == 1
    limit = {("f", False): 2**19, ("f", True): 460_800, ("c", False): 2**16, ("c", True): 2**12}[kind, vector]
    return np.prod(shape) >= limit


class TestMultiply:
    @pytest.mark.parametrize("dtype", "fdFD")
    @pytest.mark.parametrize(
        "rows, terms, columns",
        [(3, 4, 5), (16, 144, 3137), (3137, 46, 16), (100, 700, 97), (1, 50_000, 9), (130, 1, 9000), (9, 30_001, 9)],
    )
    def test_the_product_and_its_parts(self, rows, terms, columns, dtype, issued):
        rng = DRAW(1)
        a, b = random(rng, (rows, terms), dtype), random(rng, (terms, columns), dtype)
        exact = a.astype("D") @ b.astype("D")
        bound = terms * np.finfo(dtype).eps * (np.abs(a).astype("d") @ np.abs(b).astype("d"))
        issued.clear()
        y = products.multiply(a, b)
        assert y.dtype == dtype and (np.abs(y - exact) <= bound).all()
        assert issued and not any(too_large(*product) for product in issued)

    def test_stacks_and_a_place_for_the_answer(self, issued):
        rng = DRAW(2)
        a, b = rng.standard_normal((4, 300)), rng.standard_normal((3, 300, 1000))
        y = np.full((1000, 3, 4), np.nan).transpose(1, 2, 0)
        expected = np.einsum("mk,skn->smn", a, b)
        products.multiply(a, b, out=y)
        np.testing.assert_allclose(y, expected, atol=1e-11)
        assert len(issued) >= 1 and not any(too_large(*product) for product in issued)

    def test_no_matrix_at_all(self):
        """As where the last tile of a plane has fewer rows than one product computes."""
        assert products.multiply(np.ones((0, 4, 300)), np.ones((0, 300, 2000))).shape == (0, 4, 2000)
        y = convlib.convolve(np.ones((1009, 1000), "F"), np.ones((3, 3), "F"), "valid", "gemm")
        assert (y == 9).all()

    def test_a_large_product_is_left_whole(self, issued):
        products.multiply(np.ones((256, 1024), "f"), np.ones((1024, 1024), "f"))
        assert issued == [((256, 1024, 1024), "f")]

    def test_a_weighted_sum_of_rows(self, issued):
        rng = DRAW(3)
        for dtype in "fdFD":
            weights, rows = random(rng, (27,), dtype), random(rng, (27, 20_000), dtype)
            exact = np.einsum("k,kn->n", weights.astype("D"), rows.astype("D"))
            np.testing.assert_allclose(products.weighted(weights, rows), exact, atol=1e-4 if dtype in "fF" else 1e-12)
        assert not any(too_large(*product) for product in issued)


class TestOneThread:
    """What the library asks of BLAS: no product that it would share out, short of `LARGE` ones."""

    @pytest.mark.parametrize("dtype", "fdFD")
    @pytest.mark.parametrize(
        "x_shape, h_shape, method",
        [((300_000,), (31,), "gemm"), ((9000,), (300,), "gemm"), ((300, 700), (9, 9), "gemm"),
         ((90, 90), (31, 31), "gemm"), ((300, 700), (9, 31), "separable"), ((40, 40, 40), (3, 3, 3), "direct")],
    )  # fmt: skip
    def test_of_the_engines(self, x_shape, h_shape, method, dtype, issued):
        rng = DRAW(4)
        x, h = random(rng, x_shape, dtype), random(rng, h_shape, dtype)
        if method == "separable":
            h = np.outer(h[:, 0], h[0])
        convlib.convolve(x, h, method=method)
        assert issued and not any(too_large(*product) for product in issued)

    @pytest.mark.parametrize("flip", [False, True])
    @pytest.mark.parametrize("filters, channels, side, count", [(16, 16, 56, 1), (32, 32, 28, 2), (32, 16, 8, 32)])
    def test_of_the_layers(self, filters, channels, side, count, flip, issued):
        rng = DRAW(5)
        x, w = rng.standard_normal((count, channels, side, side)), rng.standard_normal((filters, channels, 3, 3))
        dy = nn.conv2d(x, w, padding=1, flip=flip)
        nn.conv2d_backward(dy, x, w, padding=1, flip=flip)
        nn.conv_transpose2d(dy, w, padding=1, flip=flip)
        rows, weights = rng.standard_normal((200, 300)), rng.standard_normal((100, 300))
        nn.linear_backward(nn.linear(rows, weights), rows, weights)
        assert issued and not any(too_large(*product) for product in issued)

    def test_the_watch_sees_a_product_that_is_too_large(self, issued):
        """Must fail the check above: a product as large as the engine asked for before it was cut."""
        products.np.matmul(np.ones((1300, 46)), np.ones((46, 16)))
        products.np.matmul(np.ones((80, 46), "D"), np.ones((46, 20), "D"))
        products.np.dot(np.ones(27, "D"), np.ones((27, 200), "D"))
        assert [too_large(*product) for product in issued] == [True, True, True]

    def test_engines_and_layers_multiply_matrices_nowhere_else(self):
        files = [*PACKAGE.glob("engines/*.py"), *PACKAGE.glob("nn/*.py")]
        found = {path.name for path in files if _products(path.read_text("utf-8"))}
        assert found == {"products.py"}
        assert all(map(_products, ("a @ b", "np.dot(a, b)", "np.matmul(a, b)", "np.tensordot(a, b)", "a.dot(b)")))


def _products(source):
    """Whether a source multiplies matrices; a sum of squares (`vdot`) is no product of two."""
    names = ("matmul", "dot", "tensordot", "inner", "einsum", "multi_dot")
    return any(
        (isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.MatMult))
        or (isinstance(node, ast.Attribute) and node.attr in names)
        for node in ast.walk(ast.parse(source))
    )
