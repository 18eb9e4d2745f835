"""What clients can do in identity: one module per noun, gathered in `root`."""
