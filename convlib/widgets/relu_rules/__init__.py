"""Three rules that send something back through a ReLU, on a network of three pixels."""
