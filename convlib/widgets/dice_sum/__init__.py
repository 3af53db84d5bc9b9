"""Two loaded dice: every pair stands in a table, and equal sums add up."""
