"""What billing's resolvers know about their request."""

from dataclasses import dataclass

import strawberry

from kit.signed_urls import SignedUrls
from kit.subgraph.context import RequestContext
from services.billing.collection.collector import Collector
from services.billing.loaders import Loaders


@dataclass(frozen=True, slots=True, kw_only=True)
class Context(RequestContext):
    """The caller, what was read for them so far, how they fetch files, and how they pay."""

    loaders: Loaders
    files: SignedUrls
    collector: Collector


Info = strawberry.Info[Context, None]
