"""One to four equal layers on a row of pixels: sizes, what one output reads, and what a shift does."""
