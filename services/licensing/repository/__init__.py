"""Licensing's statements. Row rules come with the session, except where a docstring says so."""
