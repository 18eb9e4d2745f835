"""Identity's reads. Row rules come with the session: nothing here says who may see what."""
