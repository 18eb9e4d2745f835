"""The cases service: support requests, their conversation, files and history."""
