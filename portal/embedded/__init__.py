"""PostgreSQL and Valkey from wheels, run as ordinary children of this process."""
