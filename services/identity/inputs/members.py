"""People: who is asked to join, what a member shall be, what somebody says of themself."""

from uuid import UUID

import strawberry

from kit.errors import NotFound
from kit.ids import from_global
from services.identity.models import NotificationKind, Role
from services.identity.people import email_address, person_name
from services.identity.rights.invitations import NewInvitation

_MOST_GROUPS = 100


@strawberry.input
class InviteUserInput:
    """Who shall be what. `keyGroupIds` are groups that a key group manager will manage."""

    account_id: strawberry.ID
    first_name: str
    last_name: str
    email: str
    role: Role
    case_administrator: bool | None = False
    key_group_ids: list[strawberry.ID] | None = None
    idempotency_key: strawberry.ID


@strawberry.input
class UpdateMembershipInput:
    """What is absent stays as it is."""

    membership_id: strawberry.ID
    role: Role | None = None
    case_administrator: bool | None = None
    expected_version: int


@strawberry.input
class UpdateProfileInput:
    """What is absent stays as it is. Without a locale, each client's own language counts."""

    first_name: str | None = None
    last_name: str | None = None
    locale: str | None = strawberry.UNSET


@strawberry.input
class NotificationPreferenceInput:
    """Whether mails of this kind are wanted."""

    kind: NotificationKind
    mail: bool


def new_invitation(input: InviteUserInput) -> NewInvitation:
    """What is asked. Raises `InvalidName`, `InvalidEmail`, `NotFound`."""
    return NewInvitation(
        first_name=person_name(input.first_name, "firstName"),
        last_name=person_name(input.last_name, "lastName"),
        email=email_address(input.email),
        role=input.role,
        case_administrator=bool(input.case_administrator),
        key_group_ids=_key_groups(input.key_group_ids or []),
    )


def _key_groups(ids: list[strawberry.ID]) -> list[UUID]:
    found = [from_global("grp", id) for id in dict.fromkeys(ids)]
    if len(found) > _MOST_GROUPS or None in found:
        raise NotFound(path=("keyGroupIds",))
    return [id for id in found if id is not None]
