"""Mails that a service's events lead to: each is queued once, and sent until it has arrived."""
