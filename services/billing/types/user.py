"""Identity's people."""

import strawberry
from strawberry.federation.schema_directives import Key


@strawberry.federation.type(keys=[Key(fields="id", resolvable=False)])
class User:
    """Shown by identity to those who may see them."""

    id: strawberry.ID
