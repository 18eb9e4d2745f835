"""Identity's people."""

import strawberry


@strawberry.federation.type(keys=[strawberry.federation.Key(fields="id", resolvable=False)])
class User:
    """Shown by identity to those who may see them."""

    id: strawberry.ID
