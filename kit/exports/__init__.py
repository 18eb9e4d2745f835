"""Exports: a list as a file, made in the background, kept for a while, fetched by its requester."""
