"""Which pixel meets which weight, under five ways to number them."""
