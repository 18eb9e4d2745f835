"""The verbs of `python -m portal`: one module each, with one function."""
