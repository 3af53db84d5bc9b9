"""The classic image kernels, as small arrays of shape (kH, kW).

Kernels with weights that are whole numbers are integer arrays, so that integer images give exact
results. A kernel that is not symmetric about its centre is written for `convlib.correlate`, which
uses it as it is printed; `convlib.convolve` flips it first.
"""

from __future__ import annotations

import numpy as np

from convlib.arguments import Array, choice, number, positive, whole


def identity(n: int = 3) -> Array:
    """Kernel that changes nothing: a one at the centre.

    h[i, j] = 1 if i = j = 0, else 0, counted from the centre

    Parameters
    ----------
    n : int
        Width and height in pixels, odd.

    Returns
    -------
    ndarray of int64, shape (n, n)

    Raises
    ------
    TypeError, ValueError
        ``n`` is not a positive odd integer.

    References
    ----------
    Gonzalez and Woods, *Digital Image Processing*, 4th ed., ch. 3.
    Derived in: chapter I-3 "Why nobody noticed".

    Examples
    --------
    >>> identity(3)
    array([[0, 0, 0],
           [0, 1, 0],
           [0, 0, 0]])
    """
    kernel = np.zeros((_odd(n), n), np.int64)
    kernel[n // 2, n // 2] = 1
    return kernel


def box(n: int = 3) -> Array:
    """Box blur: the average of n × n neighbours.

    h[i, j] = 1 / n²

    Parameters
    ----------
    n : int
        Width and height in pixels.

    Returns
    -------
    ndarray of float64, shape (n, n)
        Its sum is 1, so flat regions keep their value.

    Raises
    ------
    TypeError, ValueError
        ``n`` is not a positive integer.

    References
    ----------
    Gonzalez and Woods, *Digital Image Processing*, 4th ed., ch. 3.
    Derived in: chapter I-3 "Why nobody noticed".

    Examples
    --------
    >>> box(2)
    array([[0.25, 0.25],
           [0.25, 0.25]])
    """
    return np.full((whole("n", n, 1), n), 1 / n**2)


def gaussian(n: int = 5, sigma: float = 1.0) -> Array:
    """Gaussian blur: neighbours count less the farther away they are.

    h[i, j] ∝ exp(−(i² + j²) / (2σ²)), counted from the centre, scaled to the sum 1

    Parameters
    ----------
    n : int
        Width and height in pixels; n ≥ 6σ keeps 99.7 % of the bell along each axis.
    sigma : float
        Standard deviation σ in pixels, positive.

    Returns
    -------
    ndarray of float64, shape (n, n)

    Raises
    ------
    TypeError, ValueError
        ``n`` is not a positive integer, or ``sigma`` not a positive number.

    See Also
    --------
    box : Weighs all neighbours alike.

    References
    ----------
    Gonzalez and Woods, *Digital Image Processing*, 4th ed., ch. 3.
    Derived in: chapter I-3 "Why nobody noticed".

    Examples
    --------
    >>> gaussian(3, sigma=1.0).round(3)
    array([[0.075, 0.124, 0.075],
           [0.124, 0.204, 0.124],
           [0.075, 0.124, 0.075]])
    """
    offsets = np.arange(whole("n", n, 1)) - (n - 1) / 2
    # Relative to its largest entry, a bell of any width has a sum that is not zero.
    exponent = -((offsets / positive("sigma", sigma)) ** 2) / 2
    with np.errstate(under="ignore"):
        bell = np.exp(exponent - exponent.max())
        weights: Array = np.outer(bell, bell) / bell.sum() ** 2
    return weights


def sobel(axis: int = 1) -> Array:
    """Sobel's edge kernel: the slope along one axis, smoothed along the other.

    h = [1, 2, 1]ᵀ · [−1, 0, 1] for axis 1

    Under `convlib.correlate` the answer is positive where brightness grows along the axis; under
    `convlib.convolve` it has the opposite sign. It is one component of the gradient, times 8.

    Parameters
    ----------
    axis : {0, 1}
        0 for the slope down the rows, 1 for the slope along them.

    Returns
    -------
    ndarray of int64, shape (3, 3)

    Raises
    ------
    ValueError
        ``axis`` is neither 0 nor 1.

    References
    ----------
    Gonzalez and Woods, *Digital Image Processing*, 4th ed., ch. 3.
    Derived in: chapter I-3 "Why nobody noticed".

    Examples
    --------
    >>> sobel(axis=1)
    array([[-1,  0,  1],
           [-2,  0,  2],
           [-1,  0,  1]])
    """
    choice("axis", axis, (0, 1))
    kernel = np.outer([1, 2, 1], [-1, 0, 1])
    return kernel if axis == 1 else kernel.T.copy()


def laplacian(neighbours: int = 4) -> Array:
    """Laplacian: how far a pixel lies below its neighbours, added up over all of them.

    y = (sum of the neighbours) − (their number) · x

    Parameters
    ----------
    neighbours : {4, 8}
        With or without the diagonal ones.

    Returns
    -------
    ndarray of int64, shape (3, 3)
        Its sum is 0, so flat regions give 0.

    Raises
    ------
    ValueError
        ``neighbours`` is neither 4 nor 8.

    References
    ----------
    Gonzalez and Woods, *Digital Image Processing*, 4th ed., ch. 3.
    Derived in: chapter I-3 "Why nobody noticed".

    Examples
    --------
    >>> laplacian()
    array([[ 0,  1,  0],
           [ 1, -4,  1],
           [ 0,  1,  0]])
    """
    choice("neighbours", neighbours, (4, 8))
    corner = 1 if neighbours == 8 else 0
    return np.array([[corner, 1, corner], [1, -neighbours, 1], [corner, 1, corner]])


def sharpen(neighbours: int = 4) -> Array:
    """Sharpening: the image minus its Laplacian.

    h = identity − laplacian

    Parameters
    ----------
    neighbours : {4, 8}
        Neighbours of the Laplacian.

    Returns
    -------
    ndarray of int64, shape (3, 3)
        Its sum is 1: flat regions keep their value and edges are exaggerated.

    Raises
    ------
    ValueError
        ``neighbours`` is neither 4 nor 8.

    See Also
    --------
    laplacian : An edge extractor, with the sum 0.

    References
    ----------
    Gonzalez and Woods, *Digital Image Processing*, 4th ed., ch. 3.
    Derived in: chapter I-3 "Why nobody noticed".

    Examples
    --------
    >>> sharpen(neighbours=8)
    array([[-1, -1, -1],
           [-1,  9, -1],
           [-1, -1, -1]])
    """
    return identity(3) - laplacian(neighbours)


def emboss() -> Array:
    """Emboss: the image plus its slope from top left to bottom right, like light from a side.

    h = identity + [[−2, −1, 0], [−1, 0, 1], [0, 1, 2]]

    Returns
    -------
    ndarray of int64, shape (3, 3)
        Its sum is 1. It is not symmetric: flipping it moves the light to the other corner.

    References
    ----------
    Derived in: chapter I-3 "Why nobody noticed".

    Examples
    --------
    >>> emboss()
    array([[-2, -1,  0],
           [-1,  1,  1],
           [ 0,  1,  2]])
    """
    return np.array([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]])


def gabor(n: int = 15, wavelength: float = 6.0, angle: float = 0.0, *, sigma: float = 3.0, phase: float = 0.0) -> Array:
    """Gabor kernel: a stripe pattern under a bell, which answers to stripes like its own.

    h[i, j] = exp(−(i² + j²) / (2σ²)) · cos(2π·u / wavelength + phase)

    where, counted from the centre, u = j·cos(angle) + i·sin(angle) runs across the stripes.

    Parameters
    ----------
    n : int
        Width and height in pixels, odd.
    wavelength : float
        From stripe to stripe, in pixels, positive.
    angle : float
        Direction across the stripes in radians, clockwise; 0 gives vertical stripes.
    sigma : float
        Width of the bell, in pixels, positive.
    phase : float
        In radians: 0 gives a symmetric kernel (a stripe), −π/2 an antisymmetric one (an edge).

    Returns
    -------
    ndarray of float64, shape (n, n)
        Between −1 and 1.

    Raises
    ------
    TypeError, ValueError
        ``n`` is no positive odd integer, ``wavelength`` or ``sigma`` no positive number, or
        ``angle`` or ``phase`` no finite one.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning*, §9.10.
    Derived in: chapter I-3 "Why nobody noticed".

    Examples
    --------
    >>> gabor(3, wavelength=2.0, sigma=1.0).round(2)
    array([[-0.37,  0.61, -0.37],
           [-0.61,  1.  , -0.61],
           [-0.37,  0.61, -0.37]])
    """
    i, j = _centred_grid(n)
    angle, width, length = number("angle", angle), positive("sigma", sigma), positive("wavelength", wavelength)
    across = j * np.cos(angle) + i * np.sin(angle)
    stripes: Array = np.cos(2 * np.pi * across / length + number("phase", phase))
    with np.errstate(under="ignore"):
        stripes *= np.exp(-(i**2 + j**2) / (2 * width**2))
    return stripes


def motion(n: int = 9, angle: float = 0.0) -> Array:
    """Motion blur: the average along a line through the centre.

    h[i, j] ∝ max(0, 1 − distance of the pixel from the line), scaled to the sum 1

    Parameters
    ----------
    n : int
        Width and height in pixels, odd; the line is n pixels long.
    angle : float
        Direction of the line in radians, clockwise; 0 along the rows.

    Returns
    -------
    ndarray of float64, shape (n, n)

    Raises
    ------
    TypeError, ValueError
        ``n`` is not a positive odd integer, or ``angle`` not a finite number.

    References
    ----------
    Gonzalez and Woods, *Digital Image Processing*, 4th ed., ch. 5.
    Derived in: chapter I-3 "Why nobody noticed".

    Examples
    --------
    >>> (3 * motion(3)).round(6)
    array([[0., 0., 0.],
           [1., 1., 1.],
           [0., 0., 0.]])
    """
    (i, j), angle = _centred_grid(n), number("angle", angle)
    line: Array = np.maximum(0.0, 1 - np.abs(i * np.cos(angle) - j * np.sin(angle)))
    line[np.abs(j * np.cos(angle) + i * np.sin(angle)) > n / 2] = 0
    line /= line.sum()
    return line


def _centred_grid(n: int) -> tuple[Array, Array]:
    """Row and column offsets from the centre, with shapes (n, 1) and (1, n)."""
    offsets = np.arange(_odd(n)) - n // 2
    return offsets[:, None], offsets[None, :]


def _odd(n: int) -> int:
    if whole("n", n, 1) % 2 == 0:
        raise ValueError(f"n is {n}; allowed: an odd number, so that the kernel has a centre")
    return n
