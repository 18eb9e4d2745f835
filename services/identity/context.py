"""What identity's resolvers know about their request."""

from dataclasses import dataclass, field

import strawberry

from kit.notices.tokens import MailedTokens
from kit.signed_urls import SignedUrls
from kit.subgraph.context import RequestContext
from services.identity.authentication.password_changes import PasswordChanges
from services.identity.authentication.second_factors import SecondFactors
from services.identity.authentication.throttle import Throttle
from services.identity.loaders import Loaders
from services.identity.rights.clients import ClientRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Context(RequestContext):
    """The caller, what was read for them so far, and what their mutations need."""

    loaders: Loaders
    files: SignedUrls
    mailed_tokens: MailedTokens
    throttle: Throttle
    password_changes: PasswordChanges
    second_factors: SecondFactors
    client_rules: ClientRules = field(default_factory=ClientRules)


Info = strawberry.Info[Context, None]
