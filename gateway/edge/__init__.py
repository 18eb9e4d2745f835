"""HTTP: what reaches the pipeline, and in which form its answer leaves."""
