"""Who may register documents, and who runs trusted ones only."""

from dataclasses import dataclass
from enum import StrEnum

from gateway.authentication.principals import Caller


class Registrants(StrEnum):
    """Whose documents are kept by their hash. What nobody keeps can still be sent and run."""

    NOBODY = "nobody"
    SIGNED_IN = "signed-in"
    EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True)
class DocumentRights:
    """The operator's choice."""

    registrants: Registrants
    trusted_only: bool

    def registers(self, caller: Caller | None) -> bool:
        """Whether what this caller sends with its hash is kept."""
        match self.registrants:
            case Registrants.NOBODY:
                return False
            case Registrants.SIGNED_IN:
                return caller is not None
            case Registrants.EVERYBODY:
                return True

    def runs_untrusted(self, caller: Caller | None) -> bool:
        """Whether this caller may run other documents than the trusted ones."""
        return not self.trusted_only
