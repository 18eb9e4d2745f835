"""People who come by an invitation and cannot sign in yet."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kit.columns import utc_now
from kit.database import Database
from kit.ids import new_id
from services.identity.authentication.password_rules import check_password
from services.identity.authentication.passwords import Passwords
from services.identity.authentication.sessions import Visit
from services.identity.authentication.sign_in import SignIn, Tokens
from services.identity.authentication.throttle import Guarded, Throttle
from services.identity.errors import KnownPerson
from services.identity.models import Credential, Invitation, Role, User
from services.identity.people import person_name
from services.identity.rights.joining import accept, offered


@dataclass(frozen=True, slots=True)
class InvitationPage:
    """What somebody who holds a token may know before they sign in. `is_known` says that they
    can: their address is a person's."""

    account_name: str
    email: str
    first_name: str
    last_name: str
    role: Role
    case_administrator: bool
    expires_at: datetime
    is_known: bool


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who comes with a token; names are the invitation's unless they say others."""

    token: str = field(repr=False)
    password: str = field(repr=False)
    first_name: str | None
    last_name: str | None
    visit: Visit


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Tries are counted by the client's address, whatever comes of them."""

    database: Database
    passwords: Passwords
    people: SignIn
    throttle: Throttle
    now: Callable[[], datetime] = utc_now

    async def look(self, token: str, visit: Visit) -> InvitationPage:
        """The invitation behind a token. Raises `InvitationOver`, `TooManyAttempts`."""
        await self.throttle.admit(Guarded.INVITATION, address=visit.address)
        async with self.database.system() as session:
            offer = await offered(session, token, self.now())
            is_known = await _person(session, offer.invitation) is not None
        invitation = offer.invitation
        return InvitationPage(
            account_name=offer.account.name,
            email=invitation.email,
            first_name=invitation.first_name,
            last_name=invitation.last_name,
            role=invitation.role,
            case_administrator=invitation.case_administrator,
            expires_at=invitation.expires_at,
            is_known=is_known,
        )

    async def arrive(self, arrival: Arrival) -> Tokens:
        """A new person, who is a member and signed in: the token proves the address.

        Raises `InvitationOver`, `KnownPerson`, `InvalidName`, `WeakPassword`, `TooManyAttempts`.
        """
        await self.throttle.admit(Guarded.INVITATION, address=arrival.visit.address)
        async with self.database.system() as session:
            invitation = (await offered(session, arrival.token, self.now())).invitation
            user = await _newcomer(session, invitation, arrival)
        check_password(arrival.password, email=user.email, name=user.name)
        hashed = await self.passwords.hash(arrival.password)
        async with self.database.system() as session:
            offer = await offered(session, arrival.token, self.now())
            await _create(session, user, hashed, self.now())
            await accept(session, offer, user, self.now())
            begun = await self.people.begin(session, user.id, arrival.visit, proven=True)
        return await self.people.tokens_of(begun)


async def _person(session: AsyncSession, invitation: Invitation) -> User | None:
    return await session.scalar(select(User).where(User.email_key == invitation.email_key))


async def _newcomer(session: AsyncSession, invitation: Invitation, arrival: Arrival) -> User:
    """The person as they will be stored. Raises `KnownPerson`, `InvalidName`."""
    if await _person(session, invitation) is not None:
        raise KnownPerson
    return User(
        id=new_id(),
        first_name=person_name(arrival.first_name or invitation.first_name, "firstName"),
        last_name=person_name(arrival.last_name or invitation.last_name, "lastName"),
        email=invitation.email,
        email_key=invitation.email_key,
    )


async def _create(session: AsyncSession, user: User, hashed: str, now: datetime) -> None:
    # Two invitations of one address may be accepted in the same instant: one of them is first.
    created = await session.scalar(
        insert(User)
        .values(
            id=user.id,
            first_name=user.first_name,
            last_name=user.last_name,
            email=user.email,
            email_key=user.email_key,
            state=user.state,
            mfa_enabled=False,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=[User.email_key])
        .returning(User.id)
    )
    if created is None:
        raise KnownPerson
    session.add(Credential(user_id=user.id, password_hash=hashed, changed_at=now))
    await session.flush()
