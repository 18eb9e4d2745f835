"""What people say of themselves, and which mails they want."""

import strawberry
from sqlalchemy.dialects.postgresql import insert

from kit.columns import utc_now
from kit.subgraph.refusal import refusable
from kit.subgraph.rules import AUTHENTICATED
from services.identity import models
from services.identity.context import Info
from services.identity.errors import AlwaysSent
from services.identity.inputs.members import NotificationPreferenceInput, UpdateProfileInput
from services.identity.notices.recipients import ALWAYS_SENT
from services.identity.people import language, person_name
from services.identity.rights.accounts import WITHOUT_KEY
from services.identity.rights.act import announce, audit_person
from services.identity.rights.authority import current_principal, person
from services.identity.types.user import (
    NotificationPreference,
    NotificationPreferencesPayload,
    User,
    UserPayload,
)


@strawberry.type
class ProfileMutations:
    """Everybody's own."""

    @refusable(directives=[AUTHENTICATED])
    async def update_profile(self, info: Info, input: UpdateProfileInput) -> UserPayload:
        """Change the caller's own name and language. Accounts write down who was renamed."""
        context = info.context
        caller = person(context.principal)
        changes = _changes(input)
        async with context.database.system() as session:
            await current_principal(session, caller)
            row = await session.get_one(models.User, caller.id, with_for_update=WITHOUT_KEY)
            before = row.name
            for name, value in changes.items():
                setattr(row, name, value)
            if row.name != before:
                await audit_person(
                    session,
                    row.id,
                    "user.renamed",
                    at=utc_now(),
                    detail=f"{before} → {row.name}",
                )
            await announce(session, [row.id])
        context.loaders.forget()
        return UserPayload(user=User.of(row))

    @refusable(directives=[AUTHENTICATED])
    async def update_notification_preferences(
        self, info: Info, preferences: list[NotificationPreferenceInput]
    ) -> NotificationPreferencesPayload:
        """Choose which mails to get. Those about security are always sent."""
        context = info.context
        caller = person(context.principal)
        chosen = {each.kind: each.mail for each in preferences}
        if any(not mail for kind, mail in chosen.items() if kind in ALWAYS_SENT):
            raise AlwaysSent(path=("preferences",))
        async with context.database.session(caller) as session:
            for kind, mail in sorted(chosen.items()):
                await session.execute(
                    insert(models.NotificationPreference)
                    .values(user_id=caller.id, kind=kind, mail=mail)
                    .on_conflict_do_update(index_elements=["user_id", "kind"], set_={"mail": mail})
                )
        choices = await context.loaders.own_choices()
        return NotificationPreferencesPayload(preferences=NotificationPreference.all_of(choices))


def _changes(input: UpdateProfileInput) -> dict[str, str | None]:
    changes: dict[str, str | None] = {}
    if input.first_name is not None:
        changes["first_name"] = person_name(input.first_name, "firstName")
    if input.last_name is not None:
        changes["last_name"] = person_name(input.last_name, "lastName")
    if input.locale is not strawberry.UNSET:
        changes["locale"] = language(input.locale)
    return changes
