"""The four services: each owns a database and publishes a subgraph."""
