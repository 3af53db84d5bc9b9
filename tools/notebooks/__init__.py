"""Notebooks as they are stored, what they must not hold, and the kernel in which they run."""
