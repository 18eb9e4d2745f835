"""Operation and query graph to plan."""
