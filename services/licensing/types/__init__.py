"""Licensing's GraphQL types: one module per noun."""
