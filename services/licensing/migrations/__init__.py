"""Licensing's database, step by step."""
