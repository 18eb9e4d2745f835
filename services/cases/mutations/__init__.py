"""What clients can do to cases: one module per noun, gathered in `root`."""
