"""Licensing: product keys and their history, key groups, deployments, activations, downloads."""
