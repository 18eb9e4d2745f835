"""A schema as plain data: what subgraphs are read into, and what a supergraph is printed from."""
