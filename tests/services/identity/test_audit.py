"""Every mutation of identity, once: whichever changes rights says so in the audit log."""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import pyotp
import pytest_asyncio

from kit.database import Database
from kit.ids import from_global, new_id
from kit.principal import Principal
from services.identity.models import AccountKind, Credential, Invitation, ProviderLink, Role
from services.identity.schema import schema
from tests.support.credentials import HASHER
from tests.support.identity import (
    a_member,
    a_session,
    a_user,
    an_account,
    answered,
    global_id,
    kept,
    statements,
)
from tests.support.managing import a_clerk, proven, token_of
from tests.support.signing_in import PASSWORD

#: What rights follow from, and by which lists of them are taken away.
RIGHTS: Final = frozenset(
    {
        *("accounts", "administrator_restorations", "api_clients", "invitations", "memberships"),
        *("partner_relations", "provider_links", "restoration_approvals", "staff_assignments"),
        *("user_exports", "audit_exports", "users"),
    }
)
AUDIT_LOG: Final = "audit_events"

_WRITTEN: Final = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM) (\w+)")


@dataclass
class Recorder:
    """Does things, and keeps the tables that each of them wrote to."""

    identity: Database
    written: dict[str, set[str]] = field(default_factory=dict)

    async def do(
        self, caller: Principal, name: str, selection: str = "__typename", **arguments: Any
    ) -> Any:
        """The payload of a mutation that was not refused."""
        passed = _literal(arguments)[1:-1]
        call = f"{name}({passed})" if passed else name
        document = f"mutation {{ {call} {{ {selection} errors {{ code }} }} }}"
        with statements(self.identity) as seen:
            data = await answered(self.identity, caller, document)
        assert data[name]["errors"] == [], name
        found = (_WRITTEN.match(statement) for statement in seen)
        self.written.setdefault(name, set()).update(each[1] for each in found if each is not None)
        return data[name]


class Word(str):
    """A member of an enumeration, written without quotes."""

    __slots__ = ()


def _literal(value: Any) -> str:
    match value:
        case Word():
            return value
        case dict():
            return f"{{{', '.join(f'{name}: {_literal(each)}' for name, each in value.items())}}}"
        case list():
            return f"[{', '.join(map(_literal, value))}]"
        case _:
            return json.dumps(value)


def _key() -> dict[str, str]:
    return {"idempotencyKey": str(new_id())}


@pytest_asyncio.fixture(scope="module")
async def recorder(identity: Database) -> Recorder:
    """One of everything that can be done."""
    recorder = Recorder(identity)
    await _manage(recorder)
    await _restore(recorder)
    await _look_after_oneself(recorder)
    return recorder


async def _manage(recorder: Recorder) -> None:
    identity = recorder.identity
    boss, member, guest = a_user(), a_user(), a_user()
    account, partner = an_account(), an_account(kind=AccountKind.PARTNER)
    membership = a_member(account, member)
    administrator = a_member(account, boss, Role.ADMINISTRATOR)
    await kept(identity, boss, member, guest, account, partner, membership, administrator)
    caller, id, mid = await proven(identity, boss), global_id(account), global_id(membership)
    await _invite(recorder, caller, id, guest.email, await proven(identity, guest))
    change = {"membershipId": mid, "role": Word("BILLING"), "expectedVersion": 1}
    await recorder.do(caller, "updateMembership", input=change)
    await recorder.do(caller, "suspendMember", id=mid)
    await recorder.do(caller, "restoreMember", id=mid)
    await recorder.do(caller, "removeMembers", accountId=id, membershipIds=[mid])
    contact = {"billingContactId": global_id(boss), "expectedVersion": account.version}
    await recorder.do(caller, "updateAccount", input={"accountId": id, **contact})
    await _use_machines(recorder, caller, id)
    terms = {"partnerNumber": partner.number, "scope": [Word("CASE_CREATE")]}
    related = await recorder.do(
        caller,
        "relatePartner",
        "relation { id version }",
        input={"accountId": id, **terms, **_key()},
    )
    end = {
        "relationId": related["relation"]["id"],
        "expectedVersion": related["relation"]["version"],
    }
    await recorder.do(caller, "endPartnerRelation", input=end)
    for name in ("exportUsers", "exportAuditLog"):
        await recorder.do(caller, name, accountId=id, format=Word("CSV"), **_key())


async def _invite(
    recorder: Recorder, caller: Principal, account: str, email: str, guest: Principal
) -> None:
    async def invite(address: str) -> str:
        input = {"accountId": account, "firstName": "Emmy", "lastName": "Noether", **_key()}
        input |= {"email": address, "role": Word("INDIVIDUAL")}
        payload = await recorder.do(caller, "inviteUser", "invitation { id }", input=input)
        return str(payload["invitation"]["id"])

    unwanted, wanted = await invite(f"{new_id()}@example.com"), await invite(email)
    invitation_id = from_global("invt", wanted)
    assert invitation_id is not None
    await _sent_yesterday(recorder.identity, invitation_id)
    await recorder.do(caller, "resendInvitation", id=wanted)
    await recorder.do(caller, "revokeInvitation", id=unwanted)
    token = await token_of(recorder.identity, invitation_id)
    await recorder.do(guest, "acceptInvitation", token=token)


async def _sent_yesterday(identity: Database, invitation_id: UUID) -> None:
    """No letter is sent twice on end."""
    async with identity.system() as session:
        invitation = await session.get_one(Invitation, invitation_id)
        invitation.sent_at = datetime.now(UTC) - timedelta(days=1)


async def _use_machines(recorder: Recorder, caller: Principal, account: str) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    new: dict[str, Any] = {"accountId": account, "name": "Import", "expiresAt": tomorrow, **_key()}
    new |= {"scopes": [Word("MEMBER_READ")]}
    made = await recorder.do(caller, "createApiClient", "client { id }", input=new)
    await recorder.do(caller, "rotateApiClientSecret", id=made["client"]["id"])
    await recorder.do(caller, "revokeApiClient", id=made["client"]["id"])


async def _restore(recorder: Recorder) -> None:
    orphan = an_account()
    await kept(recorder.identity, orphan)
    clerks = [await a_clerk(recorder.identity) for _ in range(3)]
    person = {"firstName": "Emmy", "lastName": "Noether", "email": f"{new_id()}@example.com"}
    asked = await recorder.do(
        clerks[0],
        "requestAdministratorRestoration",
        "restoration { id }",
        input={"accountId": global_id(orphan), **person, "reason": "Nobody is left.", **_key()},
    )
    for clerk in clerks[1:]:
        await recorder.do(clerk, "approveAdministratorRestoration", id=asked["restoration"]["id"])


async def _look_after_oneself(recorder: Recorder) -> None:
    identity = recorder.identity
    user, account, issuer = a_user(), an_account(), "https://login.example"
    await kept(
        identity,
        *(user, account, a_member(account, user)),
        Credential(user_id=user.id, password_hash=HASHER.hash(PASSWORD)),
        ProviderLink(issuer=issuer, subject=str(user.id), user_id=user.id),
    )
    caller = await proven(identity, user)
    await recorder.do(caller, "updateProfile", input={"firstName": "Augusta"})
    wanted = [{"kind": Word("PARTNERS"), "mail": False}]
    await recorder.do(caller, "updateNotificationPreferences", preferences=wanted)
    await recorder.do(caller, "unlinkProvider", issuer=issuer)
    begun = await recorder.do(caller, "beginSecondFactor", "secret")
    await recorder.do(caller, "confirmSecondFactor", code=pyotp.TOTP(begun["secret"]).now())
    await recorder.do(caller, "renewRecoveryCodes")
    await recorder.do(caller, "disableSecondFactor")
    passwords = {"currentPassword": PASSWORD, "newPassword": "a longer horse than before"}
    await recorder.do(caller, "changePassword", **passwords)
    await recorder.do(caller, "revokeOtherSessions")
    other = await a_session(identity, user)
    await recorder.do(caller, "revokeSession", id=global_id(other))


def test_every_mutation_is_done(recorder: Recorder) -> None:
    mutations = schema._schema.mutation_type

    assert mutations is not None
    assert recorder.written.keys() == mutations.fields.keys()


def test_every_mutation_that_changes_rights_is_in_the_audit_log(recorder: Recorder) -> None:
    changing = {name for name, tables in recorder.written.items() if tables & RIGHTS}
    telling = {name for name, tables in recorder.written.items() if AUDIT_LOG in tables}

    assert changing
    assert changing - telling == set()
