"""What the machine has to have: Python, Node, a browser, the locks, the browser assets, the peers' environments."""
