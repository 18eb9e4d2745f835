"""Who may do what: accounts, people, memberships, partners, sign-in and the principals."""
