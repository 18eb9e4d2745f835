"""Composition: the subgraphs' schemas merged into one supergraph, or every reason against it."""
