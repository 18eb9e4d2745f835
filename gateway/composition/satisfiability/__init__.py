"""Whether the subgraphs together can answer every operation that the supergraph allows."""
