"""From the line of one library to the line of another that gives the same numbers."""
