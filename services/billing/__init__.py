"""Billing: invoices, payments and the ledger that they balance in."""
