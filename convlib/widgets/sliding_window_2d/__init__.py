"""A 3 by 3 kernel on an image: which weight meets which pixel, and what comes out."""
