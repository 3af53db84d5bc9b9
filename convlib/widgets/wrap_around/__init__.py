"""A DFT with too few places folds the tail of a convolution onto its head."""
