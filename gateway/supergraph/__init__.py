"""The supergraph: one schema, and which subgraph answers which part of it."""
