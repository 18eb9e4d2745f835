"""Changes of rights: each is checked, written to the audit log and announced in one transaction.

Whoever calls these has a session of the system's and has checked that the actor may do it.
"""
