"""The plane of all pairs, shaded by f(x)·g(y), and the line x + y = n that sweeps it."""
