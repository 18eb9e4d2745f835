"""Mails about cases: to the desks, and to the people who follow a case."""
