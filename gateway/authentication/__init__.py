"""Who is calling: credentials, tokens and the principals behind them."""
