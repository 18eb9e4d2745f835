"""The people of the demonstration data who can sign in, one for each kind of right."""

from dataclasses import dataclass
from typing import Final

#: Everyone's password. The portal of the demonstration listens on this machine only.
PASSWORD: Final = "portal-demo-2026"


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A person to sign in as, and what they show."""

    email: str
    role: str
    shows: str


USERS: Final = (
    DemoUser("administrator@example.com", "ADMINISTRATOR", "all of several accounts"),
    DemoUser("licenses@example.com", "LICENSE_ADMINISTRATOR", "keys, no invoices"),
    DemoUser("group.manager@example.com", "KEY_GROUP_MANAGER", "the keys of own groups"),
    DemoUser("individual@example.com", "INDIVIDUAL", "own keys and cases"),
    DemoUser("billing@example.com", "BILLING", "invoices and payments"),
    DemoUser("partner@example.com", "PARTNER_MANAGER", "the customers of a partner"),
    DemoUser("support@example.com", "staff: support", "cases of own queues"),
    DemoUser("finance@example.com", "staff: finance", "all invoices"),
)

#: Signs in with a code as well: of this secret, in base 32, for any authenticator application.
CAREFUL: Final = DemoUser("second.factor@example.com", "BILLING", "a code beside the password")
SECOND_FACTOR: Final = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
