"""Identity's mutations, gathered."""

import strawberry


@strawberry.type
class Mutation:
    """Refusals are data: `errors` says why nothing was done."""
