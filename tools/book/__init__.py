"""The book: its Sphinx extensions, the run of the notebooks that changed, the build, the server; knows no test."""
