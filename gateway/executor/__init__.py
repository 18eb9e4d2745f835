"""Plan to answer: requests, representations, the merged tree, and the client's shape."""
