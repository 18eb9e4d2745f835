"""Who hears of what: whoever may know, in their language, unless they would rather not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kit.database import Database
from services.cases.models import (
    CaseStatus,
    NotificationPreference,
    Person,
)
from tests.support.cases import (
    ALL,
    OWN,
    a_caller,
    a_case,
    kept,
    staff,
    the_account,
)
from tests.support.corresponding import (
    DESK,
    Post,
    a_conversation,
    a_file_request,
    a_person,
    a_status,
    commented,
    happened,
    shared_with,
    text_of,
)

REPLY = """mutation Reply($i: AddCommentInput!) {
    addCaseComment(input: $i) { comment { id } errors { code } } }"""


async def test_the_requester_hears_what_the_staff_say(cases: Database, post: Post) -> None:
    _, case, person = await a_conversation(cases)
    await commented(cases, staff(), case, "Turn it off {and} on.")

    await post.run()

    (mail,) = post.inbox.to(person.email)
    assert "Our support has answered:\n\nTurn it off {and} on.\n" in text_of(mail)


async def test_mail_is_written_in_the_language_of_its_reader(cases: Database, post: Post) -> None:
    _, case, person = await a_conversation(cases, locale="fr")
    await commented(cases, staff(), case, "Redémarrez.")

    await post.run()

    (mail,) = post.inbox.to(person.email)
    assert mail["Subject"] == f"Demande {case.number} : It burns"
    assert "Notre assistance a répondu :\n\nRedémarrez.\n" in text_of(mail)


async def test_customers_are_not_told_what_customers_say(cases: Database, post: Post) -> None:
    customer, case, _ = await a_conversation(cases)
    await commented(cases, customer, case)

    await post.run()

    assert [mail["To"] for mail in post.inbox.arrived] == [DESK]


async def test_a_note_reaches_nobody_but_the_desk_and_is_not_quoted(
    cases: Database, post: Post
) -> None:
    _, case, _ = await a_conversation(cases)
    await commented(cases, staff(), case, "They never listen.", internal=True)

    await post.run()

    (mail,) = post.inbox.arrived
    assert mail["To"] == DESK
    assert "They never listen." not in text_of(mail)


async def test_participants_hear_for_as_long_as_they_see_the_case(
    cases: Database, post: Post
) -> None:
    customer, case, _ = await a_conversation(cases)
    account = the_account(customer)
    colleague = await shared_with(cases, case, a_caller(*OWN, account=account))
    former = await shared_with(cases, case, a_caller(*ALL))
    await commented(cases, staff(), case)

    await post.run()

    assert len(post.inbox.to(colleague.email)) == 1
    assert post.inbox.to(former.email) == []


async def test_a_mail_that_waits_is_not_sent_to_whoever_lost_their_rights_meanwhile(
    cases: Database, post: Post
) -> None:
    _, case, person = await a_conversation(cases)
    await commented(cases, staff(), case)
    await post.queue()
    async with cases.system() as session:
        (await session.get_one(Person, person.id)).principal = None

    await post.deliver()

    assert [mail["To"] for mail in post.inbox.arrived] == [DESK]


async def test_rights_that_have_come_to_their_end_are_none(cases: Database, post: Post) -> None:
    customer = a_caller(*OWN)
    ended = replace(customer, valid_until=datetime.now(UTC) - timedelta(seconds=1))
    case, person = a_case(customer), a_person(ended)
    await kept(cases, case, person)
    await commented(cases, staff(), case)

    await post.run()

    assert post.inbox.to(person.email) == []


@pytest.mark.parametrize("choice", ["on_comment", "on_status", "on_file_request"])
async def test_each_choice_silences_its_own_mails(cases: Database, post: Post, choice: str) -> None:
    customer, case, person = await a_conversation(cases)
    preference = NotificationPreference(account_id=case.account_id, user_id=customer.id)
    setattr(preference, choice, False)
    await kept(cases, preference)
    clerk = staff()
    await commented(cases, clerk, case)
    await happened(cases, a_status(case, clerk, CaseStatus.RESOLVED))
    await a_file_request(cases, case, clerk)

    await post.run()

    subjects = [said_in(text_of(mail)) for mail in post.inbox.to(person.email)]
    assert set(subjects) == {"on_comment", "on_status", "on_file_request"} - {choice}


async def test_a_request_for_files_is_one_mail_to_the_customer(cases: Database, post: Post) -> None:
    _, case, person = await a_conversation(cases)
    await a_file_request(cases, case, staff())

    await post.run()

    (mail,) = post.inbox.to(person.email)
    assert "Our support asks you for files:\n\nThe log.\n" in text_of(mail)


async def test_waiting_for_files_that_were_asked_for_is_told_once(
    cases: Database, post: Post
) -> None:
    _, case, person = await a_conversation(cases)
    clerk = staff()
    await a_file_request(cases, case, clerk)
    await happened(cases, a_status(case, clerk, CaseStatus.PENDING_CUSTOMER))

    await post.run()

    (mail,) = post.inbox.to(person.email)
    assert "asks you for files" in text_of(mail)


async def test_waiting_for_an_answer_is_told(cases: Database, post: Post) -> None:
    _, case, person = await a_conversation(cases)
    await happened(cases, a_status(case, staff(), CaseStatus.PENDING_CUSTOMER))

    await post.run()

    (mail,) = post.inbox.to(person.email)
    assert "Our support waits for your answer." in text_of(mail)


@pytest.mark.parametrize("after", [CaseStatus.ON_HOLD, CaseStatus.OPEN])
async def test_what_customers_must_not_notice_is_not_mailed(
    cases: Database, post: Post, after: CaseStatus
) -> None:
    _, case, _ = await a_conversation(cases)
    await happened(cases, a_status(case, staff(), after))

    await post.run()

    assert post.inbox.arrived == []


async def test_whoever_resolves_their_case_is_not_told_so(cases: Database, post: Post) -> None:
    customer, case, _ = await a_conversation(cases)
    await happened(cases, a_status(case, customer, CaseStatus.RESOLVED))

    await post.run()

    assert post.inbox.arrived == []


def said_in(text: str) -> str:
    """Which choice a mail falls under."""
    openings = {
        "Our support has answered:": "on_comment",
        "This case is resolved.": "on_status",
        "Our support asks you for files:": "on_file_request",
    }
    (found,) = [choice for opening, choice in openings.items() if opening in text]
    return found
