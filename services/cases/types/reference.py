"""Things of licensing that a case names."""

import strawberry
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from kit.subgraph.rules import AUTHENTICATED


@strawberry.federation.type(
    keys=[Key(fields=FieldSet("id"), resolvable=False)], directives=[AUTHENTICATED]
)
class ProductKey:
    """A product key."""

    id: strawberry.ID


@strawberry.federation.type(
    keys=[Key(fields=FieldSet("id"), resolvable=False)], directives=[AUTHENTICATED]
)
class Deployment:
    """A deployment."""

    id: strawberry.ID
