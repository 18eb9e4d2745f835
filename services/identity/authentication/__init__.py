"""Sign-in: passwords, second factor, sessions, tokens and the keys that sign them."""
