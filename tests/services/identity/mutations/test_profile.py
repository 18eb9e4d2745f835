"""What people change of themselves."""

from typing import Any

import pytest

from kit.contract import Capability
from kit.database import Database
from kit.subgraph.viewer import viewer_id
from services.identity.events import PrincipalChanged
from services.identity.models import MembershipState, Role
from tests.support.identity import a_client, a_member, an_account, answered, kept, signed_in
from tests.support.managing import a_team, again, announced, audited, codes, done

USER = "user { firstName lastName name locale }"
PREFERENCES = "preferences { kind mail always }"


async def updated(identity: Database, caller: Any, **values: Any) -> Any:
    return await done(
        identity, caller, "updateProfile", USER, {"input": ("UpdateProfileInput!", values)}
    )


async def chosen(identity: Database, caller: Any, **mail: bool) -> Any:
    preferences = [{"kind": kind, "mail": wanted} for kind, wanted in mail.items()]
    arguments = {"preferences": ("[NotificationPreferenceInput!]!", preferences)}
    return await done(identity, caller, "updateNotificationPreferences", PREFERENCES, arguments)


async def test_people_change_their_name_and_language(identity: Database) -> None:
    team = await a_team(identity, Role.INDIVIDUAL)
    left = an_account()
    gone = a_member(left, team.people[0], state=MembershipState.REMOVED)
    await kept(identity, left, gone)
    caller = await signed_in(identity, team.people[0])

    payload = await updated(identity, caller, firstName="  Sofia ", locale="fr")

    assert payload["user"] == {
        "firstName": "Sofia",
        "lastName": "Byron",
        "name": "Sofia Byron",
        "locale": "fr",
    }
    assert await audited(identity, team.account) == ["user.renamed"]
    assert await audited(identity, left) == []
    assert len(await announced(identity, PrincipalChanged, principal_id=caller.id)) == 1
    assert (await signed_in(identity, team.people[0])).locale == "fr"


async def test_null_gives_the_language_back_to_the_client(identity: Database) -> None:
    team = await a_team(identity, Role.INDIVIDUAL)
    caller = await signed_in(identity, team.people[0])
    await updated(identity, caller, locale="fr")

    kept_ = await updated(identity, caller, firstName="Ada")
    cleared = await updated(identity, caller, locale=None)

    assert (kept_["user"]["locale"], cleared["user"]["locale"]) == ("fr", None)
    assert await audited(identity, team.account) == []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"firstName": " "}, "firstName"),
        ({"lastName": "x" * 101}, "lastName"),
        ({"lastName": "<script>"}, "lastName"),
        ({"locale": "de"}, "locale"),
    ],
)
async def test_what_cannot_be_is_refused(identity: Database, values: Any, field: str) -> None:
    team = await a_team(identity, Role.INDIVIDUAL)

    refused = await updated(identity, await signed_in(identity, team.people[0]), **values)

    assert refused["errors"] == [{"code": "INVALID", "path": [field]}]
    assert (await again(identity, team.people[0])).name == "Ada Byron"


async def test_mails_are_sent_until_somebody_chooses_otherwise(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR, Role.ADMINISTRATOR)
    one, other = [await signed_in(identity, person) for person in team.people]
    document = "query ($of: [_Any!]!) { _entities(representations: $of) { ... on Viewer { id "
    document += "notificationPreferences { kind mail always } } } }"

    payload = await chosen(identity, one, PARTNERS=False, MEMBERSHIP=True)
    payload = await chosen(identity, one, ADMINISTRATORS=False)

    assert payload["preferences"] == [
        {"kind": "SECURITY", "mail": True, "always": True},
        {"kind": "MEMBERSHIP", "mail": True, "always": False},
        {"kind": "ADMINISTRATORS", "mail": False, "always": False},
        {"kind": "PARTNERS", "mail": False, "always": False},
    ]
    for caller, wanted in ((one, {True, False}), (other, {True})):
        of = [{"__typename": "Viewer", "id": viewer_id(caller)}]
        data = await answered(identity, caller, document, of=of)
        (viewer,) = data["_entities"]
        assert {each["mail"] for each in viewer["notificationPreferences"]} == wanted


async def test_nobody_does_without_mails_about_security(identity: Database) -> None:
    team = await a_team(identity, Role.INDIVIDUAL)
    caller = await signed_in(identity, team.people[0])

    refused = await chosen(identity, caller, SECURITY=False, PARTNERS=False)
    payload = await chosen(identity, caller, SECURITY=True)

    assert refused["errors"] == [{"code": "INVALID", "path": ["preferences"]}]
    assert all(each["mail"] for each in payload["preferences"])


async def test_a_machine_has_no_profile(identity: Database) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    client = a_client(team.account, *Capability)
    await kept(identity, client)
    caller = await signed_in(identity, client)

    payloads = [await updated(identity, caller, firstName="R2"), await chosen(identity, caller)]

    assert [codes(each) for each in payloads] == [["FORBIDDEN"], ["FORBIDDEN"]]
