"""The kernels: entries by hand, sums, symmetry, and what they do to an image."""

import inspect
import re

import numpy as np
import pytest

import convlib
from convlib import kernels

PUBLIC = [
    function
    for name, function in inspect.getmembers(kernels, inspect.isfunction)
    if function.__module__ == kernels.__name__ and not name.startswith("_")
]


class TestByHand:
    def test_whole_numbers(self):
        assert kernels.identity().tolist() == [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
        assert kernels.identity(1).tolist() == [[1]]
        assert kernels.sobel(0).tolist() == [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]
        assert kernels.sobel(1).tolist() == [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
        assert kernels.laplacian(8).tolist() == [[1, 1, 1], [1, -8, 1], [1, 1, 1]]
        assert kernels.sharpen().tolist() == [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]
        assert kernels.sharpen(8).tolist() == [[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]
        assert kernels.emboss().tolist() == [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]

    def test_box(self):
        assert kernels.box(1).tolist() == [[1.0]]
        assert (kernels.box(3) == 1 / 9).all()

    def test_gaussian(self):
        kernel = kernels.gaussian(5, sigma=0.8)
        assert kernel[2, 3] / kernel[2, 2] == pytest.approx(np.exp(-1 / (2 * 0.8**2)))
        assert kernel[1, 3] / kernel[2, 2] == pytest.approx(np.exp(-2 / (2 * 0.8**2)))
        assert (kernels.gaussian(4, sigma=1e-3) > 0).sum() == 4
        assert kernels.gaussian(3, sigma=1e9) == pytest.approx(kernels.box(3))

    def test_motion(self):
        assert kernels.motion(3).tolist()[1] == pytest.approx([1 / 3] * 3)
        assert kernels.motion(5, np.pi / 2) == pytest.approx(kernels.motion(5).T)
        falling = kernels.motion(5, np.pi / 4)
        assert falling[1, 1] > 0.1 and falling[1, 3] == 0

    def test_gabor(self):
        kernel = kernels.gabor(9, wavelength=4, sigma=2)
        assert kernel[4, 4] == 1 and kernel[4, 6] == pytest.approx(-np.exp(-0.5))
        assert kernels.gabor(9, 4, np.pi / 2, sigma=2) == pytest.approx(kernel.T)
        odd = kernels.gabor(9, 4, 0.3, phase=-np.pi / 2)
        assert convlib.flip(odd) == pytest.approx(-odd)
        assert odd[4, 5] > 0


class TestSumsAndSymmetry:
    @pytest.mark.parametrize(
        "kernel, total",
        [
            (kernels.identity(5), 1),
            (kernels.box(4), 1),
            (kernels.gaussian(7, 1.5), 1),
            (kernels.motion(9, 0.4), 1),
            (kernels.sharpen(), 1),
            (kernels.sharpen(8), 1),
            (kernels.emboss(), 1),
            (kernels.laplacian(), 0),
            (kernels.laplacian(8), 0),
            (kernels.sobel(0), 0),
            (kernels.sobel(1), 0),
        ],
    )
    def test_a_flat_region_is_scaled_by_the_sum(self, kernel, total):
        assert kernel.sum() == pytest.approx(total, abs=1e-14)
        flat = convlib.correlate(np.full((12, 12), 8), kernel, "valid")
        assert flat == pytest.approx(8 * total, abs=1e-12)

    @pytest.mark.parametrize(
        "kernel",
        [
            kernels.identity(),
            kernels.box(4),
            kernels.gaussian(6),
            kernels.laplacian(),
            kernels.sharpen(8),
            kernels.motion(7, 1.1),
            kernels.gabor(7, 5, 0.7),
        ],
    )
    def test_even_about_the_centre(self, kernel):
        assert convlib.flip(kernel) == pytest.approx(kernel, abs=1e-15)

    @pytest.mark.parametrize("axis", [0, 1])
    def test_sobel_is_odd_and_its_sign_depends_on_the_operation(self, axis):
        ramp = np.indices((5, 5))[axis]
        assert (convlib.correlate(ramp, kernels.sobel(axis), "valid") == 8).all()
        assert (convlib.convolve(ramp, kernels.sobel(axis), "valid") == -8).all()
        assert (convlib.correlate(ramp, kernels.sobel(1 - axis), "valid") == 0).all()

    def test_emboss_is_the_one_that_flipping_changes(self):
        assert (convlib.flip(kernels.emboss()) != kernels.emboss()).any()

    def test_sharpening_is_the_image_minus_its_laplacian(self):
        image = np.arange(49).reshape(7, 7) ** 2
        sharp = convlib.convolve(image, kernels.sharpen(), "same")
        assert (sharp == image - convlib.convolve(image, kernels.laplacian(), "same")).all()

    def test_each_call_makes_a_new_array(self):
        for kernel in PUBLIC:
            kernel()[:] = 7
            assert (kernel() != 7).any()


SIZED = (kernels.identity, kernels.box, kernels.gaussian, kernels.gabor, kernels.motion)


@pytest.mark.parametrize(
    ("kernel", "given", "error", "message"),
    [
        *((kernel, {"n": 0}, ValueError, "n is 0; allowed: a whole number, at least 1") for kernel in SIZED),
        *((kernel, {"n": 2.5}, TypeError, "n is 2.5; allowed: a whole number, at least 1") for kernel in SIZED),
        *((kernel, {"n": 4}, ValueError, "n is 4; allowed: an odd number") for kernel in (SIZED[0], *SIZED[3:])),
        *(
            (kernels.gabor, {name: value}, ValueError, f"{name} is {value}; allowed: a positive number")
            for name in ("sigma", "wavelength")
            for value in (0, -1.0, np.nan, np.inf)
        ),
        (kernels.gabor, {"wavelength": "a"}, TypeError, "wavelength is 'a'; allowed: a positive number"),
        (kernels.gaussian, {"sigma": 0}, ValueError, "sigma is 0; allowed: a positive number"),
        (kernels.sobel, {"axis": 2}, ValueError, "axis is 2; allowed: 0, 1"),
        (kernels.laplacian, {"neighbours": 6}, ValueError, "neighbours is 6; allowed: 4, 8"),
        (kernels.sharpen, {"neighbours": 6}, ValueError, "neighbours is 6; allowed: 4, 8"),
    ],
)
def test_bad_input(kernel, given, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}"):
        kernel(**given)
