"""Every input starts an echo (a row), and the echoes of one moment add up (a column)."""
