"""Exports of members and of the audit log: what they show, who makes them, who fetches them."""
