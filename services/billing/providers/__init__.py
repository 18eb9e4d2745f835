"""Payment providers: who really collects the money."""
