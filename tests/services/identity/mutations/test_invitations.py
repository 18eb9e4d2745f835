"""Inviting, sending again, revoking, accepting: by whom, for whom, how often."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from kit.contract import Capability
from kit.database import Database
from kit.ids import from_global, new_id, to_global
from kit.outbox import OutboxRow
from services.identity.authentication.throttle import LIMITS, Guarded, Limits, Throttle
from services.identity.events import InvitationSent, MemberJoined, PrincipalChanged
from services.identity.models import (
    AccountKind,
    AccountStatus,
    Desk,
    Invitation,
    Membership,
    MembershipState,
    Role,
)
from tests.support.credentials import NO_REDIS
from tests.support.identity import a_client, a_member, a_user, kept, signed_in
from tests.support.managing import (
    a_clerk,
    a_team,
    accepted,
    again,
    announced,
    audited,
    codes,
    done,
    invited,
    proven,
    token_of,
)

INVITATION = "invitation { id state sentAt expiresAt }"


def uuid_of(payload: Any) -> UUID:
    found = from_global("invt", payload["invitation"]["id"])
    assert found is not None
    return found


async def changed(identity: Database, id: UUID, **values: Any) -> None:
    async with identity.system() as session:
        await session.execute(update(Invitation).where(Invitation.id == id).values(**values))


async def on_invitation(identity: Database, caller: Any, field: str, id: str) -> Any:
    return await done(identity, caller, field, INVITATION, {"id": ("ID!", id)})


async def test_an_invited_person_joins_with_the_role_they_were_invited_to(
    identity: Database,
) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    guest = a_user()
    await kept(identity, guest)
    admin = await proven(identity, team.people[0])

    invitation = await invited(
        identity, admin, team, guest.email, role="BILLING", caseAdministrator=True
    )
    token = await token_of(identity, uuid_of(invitation))
    joined = await accepted(identity, await signed_in(identity, guest), token)

    assert invitation["invitation"]["state"] == "PENDING"
    assert joined["membership"] == {
        "id": joined["membership"]["id"],
        "role": "BILLING",
        "caseAdministrator": True,
        "state": "ACTIVE",
        "user": {"email": guest.email},
        "account": {"id": team.id},
    }
    assert await audited(identity, team.account) == ["membership.invited", "membership.joined"]
    assert await announced(identity, PrincipalChanged, principal_id=guest.id) != []


async def test_the_key_groups_of_an_invitation_travel_with_the_news_of_the_member(
    identity: Database,
) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    guest, group = a_user(), new_id()
    await kept(identity, guest)
    admin = await proven(identity, team.people[0])

    invitation = await invited(
        identity,
        admin,
        team,
        guest.email,
        role="KEY_GROUP_MANAGER",
        keyGroupIds=[to_global("grp", group)],
    )
    token = await token_of(identity, uuid_of(invitation))
    joined = await accepted(identity, await signed_in(identity, guest), token)

    (news,) = await announced(identity, MemberJoined, user_id=guest.id)
    assert news == {
        "membership_id": str(from_global("mem", joined["membership"]["id"])),
        "account_id": str(team.account.id),
        "user_id": str(guest.id),
        "email": guest.email,
        "role": "KEY_GROUP_MANAGER",
        "key_group_ids": [str(group)],
    }


async def test_the_token_is_kept_nowhere(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    admin = await proven(identity, team.people[0])

    invitation = await invited(identity, admin, team, "emmy@example.com")

    token = await token_of(identity, uuid_of(invitation))
    async with identity.system() as session:
        row = await session.get_one(Invitation, uuid_of(invitation))
        payloads = await session.scalars(select(OutboxRow.payload))
    assert len(token) == 43
    assert token.encode() not in row.token_hash
    assert not any(token in str(payload) for payload in payloads)


async def test_the_same_key_invites_once(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    admin = await proven(identity, team.people[0])

    first = await invited(identity, admin, team, "emmy@example.com", idempotencyKey="k")
    again_ = await invited(identity, admin, team, "emmy@example.com", idempotencyKey="k")
    other = await invited(identity, admin, team, "other@example.com", idempotencyKey="k")

    assert first == again_
    assert codes(other) == ["IDEMPOTENCY_MISMATCH"]
    assert len(await announced(identity, InvitationSent, invitation_id=uuid_of(first))) == 1


@pytest.mark.parametrize("state", [MembershipState.ACTIVE, MembershipState.SUSPENDED])
async def test_a_member_is_not_invited_however_the_address_is_typed(
    identity: Database, state: MembershipState
) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    member = a_user(email=f"Zoé.{new_id()}@example.com")
    await kept(identity, member, a_member(team.account, member, state=state))
    admin = await proven(identity, team.people[0])

    refused = await invited(identity, admin, team, member.email.upper().replace("É", "E\u0301"))

    assert refused["errors"] == [{"code": "ALREADY_MEMBER", "path": ["email"]}]


async def test_a_removed_member_can_be_invited_again(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    former = a_user()
    gone = a_member(team.account, former, state=MembershipState.REMOVED)
    await kept(identity, former, gone)
    admin = await proven(identity, team.people[0])

    invitation = await invited(identity, admin, team, former.email)
    token = await token_of(identity, uuid_of(invitation))
    joined = await accepted(identity, await signed_in(identity, former), token)

    assert codes(joined) == []
    assert (await again(identity, gone)).state is MembershipState.REMOVED


async def test_a_person_is_invited_to_an_account_once_at_a_time(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    admin = await proven(identity, team.people[0])
    await invited(identity, admin, team, "emmy@example.com")

    refused = await invited(identity, admin, team, "EMMY@example.com")

    assert refused["errors"] == [{"code": "WRONG_STATE", "path": ["email"]}]


@pytest.mark.parametrize(
    ("role", "values", "code", "path"),
    [
        (Role.PARTNER_MANAGER, {"role": "ADMINISTRATOR"}, "FORBIDDEN", ["role"]),
        (Role.PARTNER_MANAGER, {"role": "LICENSE_ADMINISTRATOR"}, "FORBIDDEN", ["role"]),
        (Role.INDIVIDUAL, {}, "FORBIDDEN", ["accountId"]),
        (Role.BILLING, {}, "FORBIDDEN", ["accountId"]),
    ],
)
async def test_nobody_invites_above_their_own_rights(
    identity: Database, role: Role, values: Any, code: str, path: list[str]
) -> None:
    team = await a_team(identity, role, kind=AccountKind.PARTNER)
    caller = await proven(identity, team.people[0])

    refused = await invited(identity, caller, team, "emmy@example.com", **values)

    assert refused["errors"] == [{"code": code, "path": path}]


async def test_a_partners_role_does_not_exist_in_a_customers_account(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    admin = await proven(identity, team.people[0])

    refused = await invited(identity, admin, team, "emmy@example.com", role="PARTNER_AGENT")

    assert refused["errors"] == [{"code": "INVALID", "path": ["role"]}]


async def test_key_groups_are_for_those_who_manage_groups(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    admin = await proven(identity, team.people[0])
    groups = {"keyGroupIds": [to_global("grp", new_id())]}

    refused = await invited(identity, admin, team, "emmy@example.com", role="BILLING", **groups)

    assert refused["errors"] == [{"code": "INVALID", "path": ["keyGroupIds"]}]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": "a@b.c\r\nBcc: x@y.z"}, "email"),
        ({"firstName": " "}, "firstName"),
        ({"firstName": "Look at https://evil.example"}, "firstName"),
        ({"lastName": "www.evil.example"}, "lastName"),
        ({"lastName": "a\u202eb"}, "lastName"),
    ],
)
async def test_what_is_no_name_or_address_is_refused(
    identity: Database, values: Any, field: str
) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    admin = await proven(identity, team.people[0])

    refused = await invited(identity, admin, team, **{"email": "emmy@example.com", **values})

    assert refused["errors"] == [{"code": "INVALID", "path": [field]}]


async def test_inviting_takes_a_proof_of_who_it_is(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    lately = datetime.now(UTC) - timedelta(seconds=1)
    admin = await proven(identity, team.people[0], proven_until=lately)

    refused = await invited(identity, admin, team, "emmy@example.com")

    assert codes(refused) == ["STEP_UP_REQUIRED"]


async def test_a_machine_invites_nobody(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    client = a_client(team.account, *Capability)
    await kept(identity, client)

    refused = await invited(identity, await signed_in(identity, client), team, "emmy@example.com")

    assert codes(refused) == ["STEP_UP_REQUIRED"]


@pytest.mark.parametrize("field", ["inviteUser", "resendInvitation", "revokeInvitation"])
async def test_another_accounts_things_answer_as_unknown(identity: Database, field: str) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    owner = await proven(identity, team.people[0])
    theirs = await invited(identity, owner, team, "emmy@example.com")
    stranger = await proven(identity, (await a_team(identity, Role.ADMINISTRATOR)).people[0])

    async def refusal(account: str, invitation: str) -> Any:
        input = {
            "accountId": account,
            "firstName": "Emmy",
            "lastName": "Noether",
            "email": "other@example.com",
            "role": "INDIVIDUAL",
            "idempotencyKey": str(new_id()),
        }
        arguments: dict[str, dict[str, tuple[str, Any]]] = {
            "inviteUser": {"input": ("InviteUserInput!", input)}
        }
        chosen = arguments.get(field, {"id": ("ID!", invitation)})
        return await done(identity, stranger, field, "invitation { id }", chosen)

    foreign = await refusal(team.id, theirs["invitation"]["id"])
    unknown = await refusal(to_global("acc", new_id()), to_global("invt", new_id()))

    assert codes(foreign) == ["NOT_FOUND"]
    assert foreign == unknown


@pytest.mark.parametrize("desk", Desk)
async def test_staff_invite_nobody(identity: Database, desk: Desk) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)

    refused = await invited(identity, await a_clerk(identity, desk), team, "emmy@example.com")

    assert codes(refused) == ["FORBIDDEN"]


async def test_an_invitation_sent_again_has_another_token_and_another_end(
    identity: Database,
) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    guest = a_user()
    await kept(identity, guest)
    admin = await proven(identity, team.people[0])
    first = await invited(identity, admin, team, guest.email)
    old = await token_of(identity, uuid_of(first))
    long_ago = datetime.now(UTC) - timedelta(days=8)
    await changed(identity, uuid_of(first), sent_at=long_ago, expires_at=long_ago)

    second = await on_invitation(identity, admin, "resendInvitation", first["invitation"]["id"])

    new, caller = await token_of(identity, uuid_of(first)), await signed_in(identity, guest)
    assert second["invitation"]["state"] == "PENDING"
    assert codes(await accepted(identity, caller, old)) == ["NOT_FOUND"]
    assert codes(await accepted(identity, caller, new)) == []


async def test_an_invitation_is_not_sent_again_at_once_nor_for_ever(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    admin = await proven(identity, team.people[0])
    first = await invited(identity, admin, team, "emmy@example.com")
    id = first["invitation"]["id"]

    at_once = await on_invitation(identity, admin, "resendInvitation", id)
    long_ago = datetime.now(UTC) - timedelta(days=1)
    await changed(identity, uuid_of(first), sent_at=long_ago, sends=10)
    for_ever = await on_invitation(identity, admin, "resendInvitation", id)

    assert (codes(at_once), codes(for_ever)) == (["RATE_LIMITED"], ["RATE_LIMITED"])


async def test_an_account_sends_a_hundred_invitations_an_hour(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    earlier = [
        Invitation(
            account_id=team.account.id,
            email=f"{number}@example.com",
            email_key=f"{number}@example.com",
            first_name="Emmy",
            last_name="Noether",
            role=Role.INDIVIDUAL,
            token_hash=new_id().bytes,
            expires_at=datetime.now(UTC) + timedelta(days=1),
        )
        for number in range(100)
    ]
    await kept(identity, *earlier)
    admin = await proven(identity, team.people[0])

    refused = await invited(identity, admin, team, "emmy@example.com")

    assert codes(refused) == ["RATE_LIMITED"]


async def test_an_expired_invitation_is_not_sent_again_beside_another_one(
    identity: Database,
) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    admin = await proven(identity, team.people[0])
    first = await invited(identity, admin, team, "emmy@example.com")
    long_ago = datetime.now(UTC) - timedelta(days=8)
    await changed(identity, uuid_of(first), sent_at=long_ago, expires_at=long_ago)
    second = await invited(identity, admin, team, "Emmy@example.com", role="BILLING")

    refused = await on_invitation(identity, admin, "resendInvitation", first["invitation"]["id"])

    assert codes(second) == []
    assert codes(refused) == ["WRONG_STATE"]


@pytest.mark.parametrize(
    "end",
    [
        {"expires_at": datetime.now(UTC) - timedelta(seconds=1)},
        {"revoked_at": datetime.now(UTC)},
        {"accepted_at": datetime.now(UTC)},
    ],
    ids=["expired", "revoked", "accepted"],
)
async def test_a_token_that_is_over_answers_as_a_wrong_one(identity: Database, end: Any) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    guest = a_user()
    await kept(identity, guest)
    invitation = await invited(identity, await proven(identity, team.people[0]), team, guest.email)
    token, caller = await token_of(identity, uuid_of(invitation)), await signed_in(identity, guest)
    await changed(identity, uuid_of(invitation), **end)

    over = await accepted(identity, caller, token)
    wrong = await accepted(identity, caller, "A" * 43)

    assert codes(over) == ["NOT_FOUND"]
    assert over == wrong


async def test_an_invitation_works_once(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    guest = a_user()
    await kept(identity, guest)
    invitation = await invited(identity, await proven(identity, team.people[0]), team, guest.email)
    token, caller = await token_of(identity, uuid_of(invitation)), await signed_in(identity, guest)

    first = await accepted(identity, caller, token)
    second = await accepted(identity, caller, token)

    assert codes(first) == []
    assert codes(second) == ["NOT_FOUND"]


async def test_somebody_else_cannot_accept(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    other = a_user()
    await kept(identity, other)
    invitation = await invited(
        identity, await proven(identity, team.people[0]), team, "emmy@example.com"
    )
    token = await token_of(identity, uuid_of(invitation))

    refused = await accepted(identity, await signed_in(identity, other), token)

    assert codes(refused) == ["FORBIDDEN"]
    assert (await again_invitation(identity, invitation)).accepted_at is None


async def again_invitation(identity: Database, payload: Any) -> Invitation:
    async with identity.system() as session:
        return await session.get_one(Invitation, uuid_of(payload))


async def test_a_member_who_accepts_keeps_their_role(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    guest = a_user()
    await kept(identity, guest)
    admin = await proven(identity, team.people[0])
    invitation = await invited(identity, admin, team, guest.email, role="BILLING")
    member = a_member(team.account, guest, Role.SUPPORT_ONLY)
    await kept(identity, member)
    token = await token_of(identity, uuid_of(invitation))

    refused = await accepted(identity, await signed_in(identity, guest), token)

    assert codes(refused) == ["ALREADY_MEMBER"]
    assert (await again(identity, member)).role is Role.SUPPORT_ONLY


async def test_nobody_joins_an_account_that_is_suspended(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    guest = a_user()
    await kept(identity, guest)
    invitation = await invited(identity, await proven(identity, team.people[0]), team, guest.email)
    token = await token_of(identity, uuid_of(invitation))
    async with identity.system() as session:
        account = await session.get_one(type(team.account), team.account.id)
        account.status = AccountStatus.SUSPENDED

    refused = await accepted(identity, await signed_in(identity, guest), token)

    assert codes(refused) == ["NOT_FOUND"]


async def test_tokens_cannot_be_guessed_by_trying(identity: Database) -> None:
    guest = a_user()
    await kept(identity, guest)
    caller = await signed_in(identity, guest)
    throttle = Throttle(NO_REDIS, {**LIMITS, Guarded.INVITATION: Limits(account="8 per hour")})

    answers = [
        codes(await accepted(identity, caller, f"{number:043}", throttle=throttle))
        for number in range(4)
    ]
    await throttle.close()

    # Without Redis, a quarter of the limit is left.
    assert answers == [["NOT_FOUND"], ["NOT_FOUND"], ["RATE_LIMITED"], ["RATE_LIMITED"]]


async def test_a_revoked_invitation_cannot_be_revoked_or_sent_again(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    admin = await proven(identity, team.people[0])
    invitation = await invited(identity, admin, team, "emmy@example.com")
    id = invitation["invitation"]["id"]

    revoked = await on_invitation(identity, admin, "revokeInvitation", id)
    twice = await on_invitation(identity, admin, "revokeInvitation", id)
    sent = await on_invitation(identity, admin, "resendInvitation", id)

    assert revoked["invitation"]["state"] == "REVOKED"
    assert (codes(twice), codes(sent)) == (["WRONG_STATE"], ["WRONG_STATE"])


@pytest.mark.parametrize(
    ("field", "arguments"),
    [
        ("suspendMember", {}),
        ("updateMembership", {"role": "BILLING"}),
        ("removeMembers", {}),
    ],
)
async def test_whoever_loses_the_right_to_invite_leaves_no_invitation_behind(
    identity: Database, field: str, arguments: Any
) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR, Role.ADMINISTRATOR)
    leaver, stays = [await proven(identity, person) for person in team.people]
    invitation = await invited(identity, leaver, team, "backdoor@example.com")
    kept_one = await invited(identity, stays, team, "emmy@example.com")
    id = to_global("mem", team.members[0].id)
    update_ = {"membershipId": id, "expectedVersion": 1, **arguments}
    by_field: dict[str, tuple[str, dict[str, tuple[str, Any]]]] = {
        "suspendMember": ("membership { id }", {"id": ("ID!", id)}),
        "updateMembership": ("membership { id }", {"input": ("UpdateMembershipInput!", update_)}),
        "removeMembers": (
            "removedIds",
            {"accountId": ("ID!", team.id), "membershipIds": ("[ID!]!", [id])},
        ),
    }

    assert codes(await done(identity, stays, field, *by_field[field])) == []

    assert (await again_invitation(identity, invitation)).revoked_at is not None
    assert (await again_invitation(identity, kept_one)).revoked_at is None


async def test_one_person_has_another_role_in_each_of_ten_accounts(identity: Database) -> None:
    guest = a_user()
    await kept(identity, guest)
    teams = [
        await a_team(identity, Role.ADMINISTRATOR, kind=AccountKind.PARTNER) for _ in range(10)
    ]
    roles = [*Role, Role.INDIVIDUAL]

    for team, role in zip(teams, roles, strict=True):
        admin = await proven(identity, team.people[0])
        invitation = await invited(identity, admin, team, guest.email.upper(), role=role.value)
        token = await token_of(identity, uuid_of(invitation))
        assert codes(await accepted(identity, await signed_in(identity, guest), token)) == []

    async with identity.system() as session:
        rows = await session.execute(
            select(Membership.account_id, Membership.role).where(Membership.user_id == guest.id)
        )
    assert dict(rows.all()) == {
        team.account.id: role for team, role in zip(teams, roles, strict=True)
    }
