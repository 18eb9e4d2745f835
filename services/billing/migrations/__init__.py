"""Billing's database, step by step."""
