"""Answers by mail: each becomes a comment of whoever was written to, or is refused at once."""
