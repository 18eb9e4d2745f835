"""Where a supergraph comes from: a file, an address, or subgraphs that are composed here."""
