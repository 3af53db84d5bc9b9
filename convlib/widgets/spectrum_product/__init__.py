"""A signal, a filter and their spectra; one frequency goes through all of them."""
