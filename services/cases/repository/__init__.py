"""Reads of the cases service. Row rules come with the session: nothing here says who sees what."""
