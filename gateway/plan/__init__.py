"""What to send to which subgraph, in which order, and where the answers go: plain data."""
