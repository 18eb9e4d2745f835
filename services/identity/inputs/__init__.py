"""What clients pass in: one module per noun, each with how it is read."""
