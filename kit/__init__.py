"""Mechanism that the processes share: no rule of the portal is written here."""
