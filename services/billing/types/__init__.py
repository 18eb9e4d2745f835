"""What billing shows: one module per noun."""
