"""A class on one machine: a JupyterHub on loopback, students who pull and run chapters, and what it takes."""
