"""The whole portal on one machine: embedded servers, five processes, demonstration data."""
