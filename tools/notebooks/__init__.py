"""Notebooks as they are stored, what they must not hold, and the kernel in which they run."""

FIGURE = "application/vnd.flip-and-slide.figure+json"  # a figure as pages show it (figures.py)
