"""A template slid over a noisy signal or over a photo, and its score at every place."""
