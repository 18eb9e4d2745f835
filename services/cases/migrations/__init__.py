"""The cases database, step by step."""
