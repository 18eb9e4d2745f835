"""A federation gateway: composes subgraphs into one schema, with authorization per field."""
