"""What the gateway costs, measured: each prints what it finds and asserts nothing."""
