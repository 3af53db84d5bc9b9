"""What the answers of several chapters are worked out with: a plain loop."""


def echoes(x, h):
    """Every input lays down its own copy of h: each pair goes to the place where its indices add up."""
    y = [0] * (len(x) + len(h) - 1)
    for k, v in enumerate(x):
        for j, w in enumerate(h):
            y[k + j] += v * w
    return y
