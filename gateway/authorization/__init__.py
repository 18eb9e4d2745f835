"""What the caller may see, field by field, from the rules in the supergraph."""
