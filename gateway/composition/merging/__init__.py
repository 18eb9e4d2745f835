"""The members' schemas into one; what members disagree on is for the rules to refuse."""
