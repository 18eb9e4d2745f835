"""What composition refuses, one rule in each module."""
