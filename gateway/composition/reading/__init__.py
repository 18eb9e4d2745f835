"""Subgraph documents into schemas of one form, whatever they call their directives and roots."""
