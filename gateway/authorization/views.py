"""What the schema is for whom: the settings of a view."""

from pydantic import BaseModel, ConfigDict

from gateway.authentication.principals import Caller
from gateway.authorization.denial import Telling
from kit.contract import PrincipalKind


class ViewSettings(BaseModel):
    """One view: whose it is, what it hides, and how much it tells."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    #: Whose it is: principals of any of these kinds, or with any of these scopes.
    kinds: frozenset[PrincipalKind] = frozenset()
    scopes: frozenset[str] = frozenset()
    #: The tags of what is not part of the schema.
    hides: frozenset[str] = frozenset()
    #: Whether the schema may be asked for; by default in development only.
    introspection: bool | None = None
    denials: Telling = Telling.EXPLAINED

    def is_of(self, caller: Caller) -> bool:
        """Whether the view is this caller's."""
        return caller.principal.kind in self.kinds or bool(self.scopes & caller.scopes)
