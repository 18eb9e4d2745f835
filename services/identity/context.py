"""What identity's resolvers know about their request."""

from dataclasses import dataclass

import strawberry

from kit.subgraph.context import RequestContext
from services.identity.loaders import Loaders


@dataclass(frozen=True, slots=True, kw_only=True)
class Context(RequestContext):
    """The caller and what was read for them so far."""

    loaders: Loaders


Info = strawberry.Info[Context, None]
