"""Collecting money: claim the invoices, ask the provider, settle what it says.

The provider is asked outside any transaction, after the payment was written down and its
invoices claimed. Whatever dies in between, the payment is settled from the provider's record.
"""
