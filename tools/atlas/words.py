"""What the tables of the convention atlas ask, and how the probes' answers read."""

OPS = {"convolve": "convolution", "correlate": "cross-correlation"}
SIZES = {"full": "full", "valid": "valid", "left": "same (left middle)", "right": "same (right middle)"}
SIZES |= {"first": "the first outputs of full"}
# Each question: the head of its answers, the probes that answer it, and the answers in words.
QUESTIONS = {
    "flip": (
        "it",
        ("flips", "conjugates"),
        {
            ("flips", "no"): "**flips**",
            ("does not flip", "yes"): "does not flip, conjugates",
            ("does not flip", "no"): "does not flip",
            ("does not flip", "refuses complex"): "does not flip, refuses complex numbers",
        },
    ),
    "default": (
        "without options",
        ("as_written", "edge"),
        {
            ("full", "zero"): "full, zeros beyond the edge",
            ("valid", "–"): "valid",
            ("first", "zero"): "the first outputs of full, as many as samples; zeros before the signal",
            ("same", "symmetric"): 'same, mirrored: `"symmetric"`',
            ("same", "reflect"): 'same, mirrored: `"reflect"`',
            ("must be said", "–"): "no default: it must be said",
        },
    ),
    "length": ("as long as", ("same_length",), {("–",): ""}),
    "even": (
        "of four weights",
        ("even_origin",),
        {("left",): "`h[1]`, the left middle", ("right",): "`h[2]`, the right middle", ("–",): ""},
    ),
    "lag": ("first lag, full output", ("first_lag",), {("–",): ""}),
    "whole": ("200 + 200", ("whole_numbers",), {}),
    "fractions": ("3 · 0.9", ("fractions",), {}),
}
CONTINUED = {
    "zero": ("constant", "00·abc·00"),
    "edge": ("edge", "aa·abc·cc"),
    "symmetric": ("symmetric", "ba·abc·cb"),
    "reflect": ("reflect", "cb·abc·ba"),
    "wrap": ("wrap", "bc·abc·ab"),
}
STRIDES = {
    "length": "by the length, the odd zero at the end",
    "length, more before": "by the length, the odd zero at the start",
    "number": "by a number, the same on both sides",
    "same, every s-th": "every s-th output of *same*",
}
