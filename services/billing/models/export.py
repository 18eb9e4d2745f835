"""Exports of invoices, made in the background."""
