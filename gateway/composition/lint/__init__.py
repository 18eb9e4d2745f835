"""What is allowed and yet not wise: protected fields whose denial takes more than themselves."""
