"""What makes a service a Federation 2 subgraph: schema, signed endpoint, entities, payloads."""
