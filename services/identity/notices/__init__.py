"""Mails that identity's own events lead to: each is queued once, and sent until it has arrived."""
