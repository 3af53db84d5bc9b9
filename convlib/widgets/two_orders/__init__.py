"""Three signals in a row: the table of their terms, and its sum by rows or by columns first."""
