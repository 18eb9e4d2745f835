"""The GraphQL types of cases: one module per noun."""
