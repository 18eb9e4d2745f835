"""What the mails about accounts and their members say."""

from collections.abc import Mapping
from typing import Final

from kit.messages import N_
from kit.notices.letters import Wording

_HELLO: Final = N_("Hello,")
_OPEN: Final = N_("Open the portal:")
_LOOK: Final = N_("Look at the members:")
_AGAINST: Final = N_(
    "If this should not have happened, write to our customer service without delay."
)

INVITED: Final = "invited"
INVITED_BY_US: Final = "invited-by-us"
ROLE_CHANGED: Final = "role-changed"
REMOVED: Final = "removed"
SUSPENDED: Final = "suspended"
RESTORED: Final = "restored"
ADMINISTRATOR_ADDED: Final = "administrator-added"
PARTNER_RELATED: Final = "partner-related"
PARTNER_RELATION_ENDED: Final = "partner-relation-ended"
RESTORATION_REQUESTED: Final = "restoration-requested"
ADMINISTRATOR_RESTORED: Final = "administrator-restored"

WORDINGS: Final[Mapping[str, Wording]] = {
    INVITED: Wording(
        N_("{inviter} invites you to {account}"),
        (
            _HELLO,
            N_("{inviter} asks you to join {account} in the customer portal."),
            N_("The invitation is for this address only, works once and ends on {until}."),
            N_("If you do not know {inviter}, do nothing."),
        ),
        N_("Accept the invitation:"),
    ),
    INVITED_BY_US: Wording(
        N_("An invitation to {account}"),
        (
            _HELLO,
            N_("You are asked to join {account} in the customer portal."),
            N_("The invitation is for this address only, works once and ends on {until}."),
        ),
        N_("Accept the invitation:"),
    ),
    ROLE_CHANGED: Wording(
        N_("Your role in {account} has changed"),
        (_HELLO, N_("Your role in {account} is another since today."), _AGAINST),
        _OPEN,
    ),
    REMOVED: Wording(
        N_("You are no longer a member of {account}"),
        (
            _HELLO,
            N_("You were removed from {account} and have been signed out."),
            N_("What you did there stays under your name."),
        ),
        _OPEN,
    ),
    SUSPENDED: Wording(
        N_("Your access to {account} is suspended"),
        (_HELLO, N_("For the time being you cannot use {account} in the customer portal.")),
        _OPEN,
    ),
    RESTORED: Wording(
        N_("You can use {account} again"),
        (_HELLO, N_("Your access to {account} is no longer suspended.")),
        _OPEN,
    ),
    ADMINISTRATOR_ADDED: Wording(
        N_("{person} is an administrator of {account}"),
        (_HELLO, N_("{person} now administers {account}, as you do."), _AGAINST),
        _LOOK,
    ),
    PARTNER_RELATED: Wording(
        N_("{partner} may act in {account}"),
        (
            _HELLO,
            N_("The people of {partner} may act in {account} as has been agreed with them."),
            _AGAINST,
        ),
        N_("Look at the partners:"),
    ),
    PARTNER_RELATION_ENDED: Wording(
        N_("{partner} will no longer act in {account}"),
        (_HELLO, N_("The relation of {account} with {partner} has been ended.")),
        N_("Look at the partners:"),
    ),
    RESTORATION_REQUESTED: Wording(
        N_("{account} may get a new administrator"),
        (
            _HELLO,
            N_("Our customer service was asked to make {person} an administrator of {account}."),
            N_("It will be done when two more of our staff have approved it."),
            _AGAINST,
        ),
        _OPEN,
    ),
    ADMINISTRATOR_RESTORED: Wording(
        N_("{account} has got a new administrator"),
        (
            _HELLO,
            N_("Our customer service has made {person} an administrator of {account}."),
            _AGAINST,
        ),
        _OPEN,
    ),
}
