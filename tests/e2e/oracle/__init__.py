"""The answers that the portal should give, worked out by hand from the rows of four databases."""
