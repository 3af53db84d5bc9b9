"""ConventionAtlas: what it says of a line and a call, in the browser."""

from widget_pages import says

from convlib.widgets import ConventionAtlas

IMAGE = "signal.convolve2d(image, kernel"
SAID = {
    ("np.convolve(x, h)", "np.convolve"): (
        "np.convolve flips. You have every output that the kernel reaches (full).",
        "",
    ),
    ("np.correlate(x, h)", "np.correlate"): (
        "np.correlate does not flip. You have only outputs whose kernel lies inside (valid).",
        "Holds for complex numbers too.",
    ),
    ("np.convolve(x, h)", "jnp.convolve"): ("Both flip: hand the kernel over unchanged.", ""),
    ('np.correlate(x, h, "same")', "F.conv1d"): (
        "Both leave the kernel as it is: hand the kernel over unchanged. You have one output for each sample (same), "
        "zeros beyond the edge; the framed weight lies on the output’s own place.",
        "With complex numbers, pass the conjugate of the kernel: only one of the two calls conjugates it.",
    ),
    ("np.convolve(x, h)", "np.correlate"): ("np.convolve flips, np.correlate does not: turn the kernel.", "With"),
    ("np.correlate(x, h)", "np.convolve"): ("np.correlate does not flip, np.convolve flips: turn the kernel.", "With"),
    (f'{IMAGE}, "same", "symm")', "tf.nn.conv2d"): (
        "signal.convolve2d flips, tf.nn.conv2d does not: turn the kernel. You have one output for each sample (same), "
        "beyond the edge x goes on as np.pad’s “symmetric”; the framed weight lies on the output’s own place.",
        "For real numbers: one of the two calls refuses complex ones.",
    ),
}


def test_whether_to_turn_the_kernel_and_what_is_kept(browser):
    widgets = [ConventionAtlas(dims=1 + ("image" in have), have=have, want=want) for have, want in SAID]
    for (start, note), told, noted in zip(
        SAID.values(), says(browser, *widgets), says(browser, *widgets, part=".ca-note"), strict=True
    ):
        assert told.startswith(start) and noted.startswith(note)


def test_the_shorter_line_of_odd_kernels(browser):
    widget = ConventionAtlas(have='np.convolve(x, h, "same")', want="ndimage.convolve1d")
    line = widget.shown()["odd"]
    assert len(str(line)) < len(str(widget.shown()["line"]))
    shown = says(browser, widget, part=".ca-first:not([hidden])")
    assert shown[-1] == f"If the kernel’s length is odd, shorter: {line}"
