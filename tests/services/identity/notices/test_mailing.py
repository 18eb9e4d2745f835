"""From an event to a mail: each once, whatever fails meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from redis.asyncio import Redis
from sqlalchemy import delete, select

import services.identity
from kit.consumer import Consumer
from kit.contract import Capability
from kit.database import Database
from kit.ids import from_global, new_id, to_global
from kit.mail import Mailer
from kit.messages import Catalogues
from kit.notices.mailing import Mailing, gathered, worded
from kit.notices.postman import Postman
from kit.outbox import OutboxRow
from kit.relay import Relay, stream_of
from services.identity.app import create_app
from services.identity.models import (
    AccountKind,
    MembershipState,
    Notice,
    NotificationKind,
    NotificationPreference,
    Role,
    User,
)
from services.identity.notices import membership, wordings
from services.identity.rights import members, partners, restorations
from services.identity.rights.authority import authorized
from tests.support.identity import (
    MAILED_TOKENS,
    a_member,
    a_user,
    global_id,
    kept,
    the_settings,
)
from tests.support.inbox import Inbox, an_inbox
from tests.support.managing import (
    Team,
    a_clerk,
    a_team,
    done,
    invited,
    proven,
    token_of,
)

ORIGIN = "https://portal.example"


class Clock:
    """Set by hand."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Post:
    """The way of a mail, one step at a time: relay, consumer, postman, inbox."""

    identity: Database
    redis: Redis
    inbox: Inbox
    clock: Clock

    @property
    def mailing(self) -> Mailing:
        postman = Postman(
            database=self.identity,
            notices=Notice,
            mailer=Mailer(self.inbox.url, "portal@example.com", "Customer portal"),
            catalogues=Catalogues(Path(services.identity.__file__).parent),
            wordings=wordings.WORDINGS,
            tokens=MAILED_TOKENS,
            public_url=f"{ORIGIN}/",
            now=self.clock,
        )
        composers = gathered(membership.COMPOSERS)
        return Mailing("identity", self.identity, "redis://unused", composers, postman)

    async def queue(self) -> None:
        """Publish what was announced, and queue the mails that it leads to."""
        await Relay("identity", self.identity, self.redis).publish()
        member: Consumer = self.mailing.consumer(self.redis)
        await member.join()
        while await self._is_behind(member):
            await member.step()

    async def deliver(self) -> None:
        """Send all that is due."""
        while await self.mailing.postman.send_next():
            pass

    async def run(self) -> None:
        await self.queue()
        self.clock.now = datetime.now(UTC) + timedelta(seconds=1)
        await self.deliver()

    async def _is_behind(self, member: Consumer) -> bool:
        groups: Any = await self.redis.xinfo_groups(stream_of("identity"))
        (group,) = [each for each in groups if each["name"] == member.group.encode()]
        return bool(group["lag"])


@pytest_asyncio.fixture
async def post(identity: Database, valkey_url: str) -> AsyncIterator[Post]:
    """Nothing is on its way."""
    async with identity.system() as session:
        await session.execute(delete(OutboxRow))
        await session.execute(delete(Notice))
    async with Redis.from_url(valkey_url) as redis, an_inbox() as inbox:
        await redis.flushall()
        yield Post(identity, redis, inbox, Clock())


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return "\n".join(body.get_content().splitlines()) + "\n"


async def speaking(identity: Database, user: User, locale: str) -> None:
    async with identity.system() as session:
        (await session.get_one(User, user.id)).locale = locale


async def an_invitation(identity: Database, team: Team, email: str) -> Any:
    admin = await proven(identity, team.people[0])
    payload = await invited(identity, admin, team, email)
    return from_global("invt", payload["invitation"]["id"])


async def test_an_invitation_is_mailed_with_the_token_in_its_links_fragment(
    identity: Database, post: Post
) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    id = await an_invitation(identity, team, "emmy@example.com")

    await post.run()

    (mail,) = post.inbox.arrived
    token = await token_of(identity, id)
    assert mail["To"] == "emmy@example.com"
    assert mail["Subject"] == "Ada Byron invites you to Acme"
    assert f"{ORIGIN}/invitation#token={token}\n" in text_of(mail)


async def test_the_running_service_sends_what_is_announced(
    identity: Database, identity_url: str, post: Post, valkey_url: str
) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    settings = the_settings(
        identity_url, redis_url=valkey_url, mail_url=post.inbox.url, mail_sender="us@example.com"
    )
    service = create_app(settings)

    async with service.router.lifespan_context(service), asyncio.timeout(20):
        await an_invitation(identity, team, "emmy@example.com")
        mail = await post.inbox.next()

    assert (mail["From"], mail["To"]) == ("Customer portal <us@example.com>", "emmy@example.com")


async def test_an_invitation_speaks_the_language_of_whoever_gets_it(
    identity: Database, post: Post
) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    french, english = a_user(locale="fr"), a_user(locale="en")
    await kept(identity, french, english)
    await speaking(identity, team.people[0], "fr")
    for email in (french.email, english.email, "stranger@example.com"):
        await an_invitation(identity, team, email)

    await post.run()

    subjects = {mail["To"]: mail["Subject"] for mail in post.inbox.arrived}
    assert subjects == {
        french.email: "Ada Byron vous invite à rejoindre Acme",
        english.email: "Ada Byron invites you to Acme",
        "stranger@example.com": "Ada Byron vous invite à rejoindre Acme",
    }


async def test_an_event_that_comes_twice_is_mailed_once(identity: Database, post: Post) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    await an_invitation(identity, team, "emmy@example.com")
    await post.run()
    stream = stream_of("identity")
    entries: Any = await post.redis.xrange(stream)
    for _, fields in entries:
        await post.redis.xadd(stream, fields)

    await post.run()

    assert len(post.inbox.arrived) == 1


async def test_a_server_that_is_down_gets_the_same_mail_later(
    identity: Database, post: Post
) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    id = await an_invitation(identity, team, "emmy@example.com")
    post.inbox.answers = ["451 Later", "421 Later still"]

    await post.run()
    nothing = list(post.inbox.arrived)
    post.clock.now += timedelta(seconds=14)
    await post.deliver()
    tried_once = list(post.inbox.answers)
    for _ in range(2):
        post.clock.now += timedelta(minutes=1)
        await post.deliver()

    assert nothing == []
    assert tried_once == ["421 Later still"]
    (mail,) = post.inbox.arrived
    assert await token_of(identity, id) in text_of(mail)


async def test_a_mail_that_is_refused_for_good_is_given_up(identity: Database, post: Post) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    await an_invitation(identity, team, "emmy@example.com")
    post.inbox.answers = ["550 Never"]

    await post.run()
    post.clock.now += timedelta(days=1)
    await post.deliver()

    async with identity.system() as session:
        (notice,) = (await session.scalars(select(Notice))).all()
    assert post.inbox.arrived == []
    assert notice.done_at is not None
    assert notice.failure == "refused with 550"


async def test_old_news_is_given_up_and_forgotten(identity: Database, post: Post) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    await an_invitation(identity, team, "emmy@example.com")
    await post.queue()
    post.inbox.answers = ["451 Later"]

    post.clock.now += timedelta(days=3, minutes=1)
    await post.deliver()
    post.clock.now += timedelta(days=28)
    await post.mailing.postman.forget()

    async with identity.system() as session:
        left = (await session.scalars(select(Notice))).all()
    assert post.inbox.arrived == []
    assert left == []


async def test_one_address_that_is_none_costs_no_other_mail(identity: Database, post: Post) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR, Role.INDIVIDUAL)
    async with identity.system() as session:
        (await session.get_one(User, team.people[1].id)).email = "no address"
    admin = await proven(identity, team.people[0])
    arguments = {"id": ("ID!", global_id(team.members[1]))}
    await done(identity, admin, "suspendMember", "membership { id }", arguments)
    await an_invitation(identity, team, "emmy@example.com")

    await post.run()

    assert [mail["To"] for mail in post.inbox.arrived] == ["emmy@example.com"]


async def changed(identity: Database, team: Team, change: Any) -> None:
    """The first of the team's people does something to the second, who has become theirs."""
    admin = await proven(identity, team.people[0])
    async with identity.system() as session:
        _, act = await authorized(session, admin, team.account.id, Capability.MEMBER_MANAGE)
        await change(session, team.members[1].id, act)


@pytest.mark.parametrize(
    ("change", "subject"),
    [
        (
            lambda session, id, act: members.change_role(
                session,
                id,
                role=Role.BILLING,
                case_administrator=False,
                expected_version=1,
                act=act,
            ),
            "Your role in Acme has changed",
        ),
        (
            lambda session, id, act: members.suspend_member(session, id, act=act),
            "Your access to Acme is suspended",
        ),
    ],
    ids=["role", "suspension"],
)
async def test_members_hear_what_was_done_to_them_unless_they_would_rather_not(
    identity: Database, post: Post, change: Any, subject: str
) -> None:
    heard, silent = [await a_team(identity, Role.ADMINISTRATOR, Role.INDIVIDUAL) for _ in range(2)]
    choice = NotificationPreference(
        user_id=silent.people[1].id, kind=NotificationKind.MEMBERSHIP, mail=False
    )
    await kept(identity, choice)

    await changed(identity, heard, change)
    await changed(identity, silent, change)
    await post.run()

    (mail,) = post.inbox.arrived
    assert (mail["To"], mail["Subject"]) == (heard.people[1].email, subject)


async def test_removed_and_restored_members_hear_of_it(identity: Database, post: Post) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR, Role.INDIVIDUAL)
    suspended = a_user()
    member = a_member(team.account, suspended, state=MembershipState.SUSPENDED)
    await kept(identity, suspended, member)
    admin = await proven(identity, team.people[0])

    arguments = {"id": ("ID!", global_id(member))}
    await done(identity, admin, "restoreMember", "membership { id }", arguments)
    ids = {
        "accountId": ("ID!", team.id),
        "membershipIds": ("[ID!]!", [global_id(team.members[1])]),
    }
    await done(identity, admin, "removeMembers", "removedIds", ids)
    await post.run()

    assert {mail["To"]: mail["Subject"] for mail in post.inbox.arrived} == {
        suspended.email: "You can use Acme again",
        team.people[1].email: "You are no longer a member of Acme",
    }


async def test_administrators_hear_of_another_one(identity: Database, post: Post) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR, Role.INDIVIDUAL, Role.ADMINISTRATOR)

    def promote(session: Any, id: Any, act: Any) -> Any:
        return members.change_role(
            session,
            id,
            role=Role.ADMINISTRATOR,
            case_administrator=False,
            expected_version=1,
            act=act,
        )

    await changed(identity, team, promote)
    await post.run()

    told = {
        mail["To"] for mail in post.inbox.arrived if "is an administrator of" in mail["Subject"]
    }
    assert told == {team.people[0].email, team.people[2].email}


async def test_administrators_hear_of_partners(identity: Database, post: Post) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR, Role.INDIVIDUAL)
    partner = await a_team(identity, Role.PARTNER_MANAGER, kind=AccountKind.PARTNER, name="Globex")

    async def relate_and_end(session: Any, id: Any, act: Any) -> None:
        terms = partners.Terms(frozenset({Capability.CASE_CREATE}), act.at.date())
        made = await partners.relate_partner(
            session, team.account.id, partner.account.id, terms, act=act
        )
        await session.flush()
        await partners.end_relation(session, made.id, until=None, act=act)

    await changed(identity, team, relate_and_end)
    await post.run()

    assert [(mail["To"], mail["Subject"]) for mail in post.inbox.arrived] == [
        (team.people[0].email, "Globex may act in Acme"),
        (team.people[0].email, "Globex will no longer act in Acme"),
    ]


async def a_restoration(identity: Database, team: Team, email: str) -> None:
    """Asked for by one member of staff and approved by the others."""
    clerks = [await a_clerk(identity) for _ in range(1 + restorations.APPROVALS)]
    input = {
        "accountId": team.id,
        "firstName": "Emmy",
        "lastName": "Noether",
        "email": email,
        "reason": "Gone",
        "idempotencyKey": "k",
    }
    arguments: dict[str, tuple[str, Any]] = {"input": ("RestoreAdministratorInput!", input)}
    field, selection = "requestAdministratorRestoration", "restoration { id }"
    request = await done(identity, clerks[0], field, selection, arguments)
    id = {"id": ("ID!", request["restoration"]["id"])}
    for clerk in clerks[1:]:
        await done(identity, clerk, "approveAdministratorRestoration", selection, id)


async def test_every_member_hears_of_a_restored_administrator_whatever_they_chose(
    identity: Database, post: Post
) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR, Role.INDIVIDUAL, Role.BILLING)
    await kept(
        identity,
        *(
            NotificationPreference(user_id=team.people[2].id, kind=kind, mail=False)
            for kind in NotificationKind
        ),
    )
    await a_restoration(identity, team, team.people[1].email)

    await post.run()

    for person in team.people:
        subjects = [mail["Subject"] for mail in post.inbox.to(person.email)]
        assert "Acme may get a new administrator" in subjects
        assert "Acme has got a new administrator" in subjects


async def test_a_restored_administrators_invitation_names_no_member_of_staff(
    identity: Database, post: Post
) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR)
    await a_restoration(identity, team, "emmy@example.com")

    await post.run()

    (mail,) = post.inbox.to("emmy@example.com")
    assert mail["Subject"] == "An invitation to Acme"
    assert "Grace" not in text_of(mail)


async def test_a_link_leads_to_the_account(identity: Database, post: Post) -> None:
    team = await a_team(identity, Role.ADMINISTRATOR, Role.INDIVIDUAL)

    await changed(
        identity,
        team,
        lambda session, id, act: members.change_role(
            session,
            id,
            role=Role.BILLING,
            case_administrator=False,
            expected_version=1,
            act=act,
        ),
    )
    await post.run()

    (mail,) = post.inbox.arrived
    assert text_of(mail).endswith(f"\n{ORIGIN}/accounts/{to_global('acc', team.account.id)}\n")


@pytest.mark.parametrize("locale", ["en", "fr"])
@pytest.mark.parametrize("name", wordings.WORDINGS)
def test_every_mail_can_be_written(name: str, locale: str) -> None:
    post = Post(None, None, Inbox(), Clock())  # type: ignore[arg-type]  # only writes
    gaps = ("inviter", "account", "until", "person", "partner")
    notice = Notice(
        event_id=new_id(),
        email="emmy@example.com",
        email_key="emmy@example.com",
        locale=locale,
        wording=name,
        params={gap: f"<{gap}>" for gap in gaps},
        page="/",
    )

    mail = post.mailing.postman.written(notice)

    assert "{" not in mail.subject + mail.text
    assert mail.text.startswith({"en": "Hello,", "fr": "Bonjour,"}[locale])


def test_two_wordings_of_one_name_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="invited"):
        worded(wordings.WORDINGS, {wordings.INVITED: wordings.WORDINGS[wordings.REMOVED]})
