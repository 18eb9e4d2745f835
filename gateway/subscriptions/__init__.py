"""Streams that last: shared towards subgraphs, and bound to the rights of who listens."""
