"""What the resolvers of cases know about their request."""

from dataclasses import dataclass

import strawberry

from kit.signed_urls import SignedUrls
from kit.subgraph.context import RequestContext
from services.cases.loaders import Loaders
from services.cases.uploads.addresses import UploadUrls
from services.cases.uploads.limits import UploadLimits
from services.cases.watching import Watching


@dataclass(frozen=True, slots=True, kw_only=True)
class Context(RequestContext):
    """The caller and what was read for them so far."""

    loaders: Loaders
    signed_urls: SignedUrls
    upload_urls: UploadUrls
    upload_limits: UploadLimits
    watching: Watching


Info = strawberry.Info[Context, None]
