"""Identity's database, step by step."""
