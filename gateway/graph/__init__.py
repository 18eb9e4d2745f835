"""The query graph: places (a type in a subgraph) and the moves between them."""
