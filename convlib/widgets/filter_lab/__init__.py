"""A kernel on a photo: what comes out, what the flip changes, and the answer to stripes."""
