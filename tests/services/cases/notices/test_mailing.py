"""From what happens in a case to mails: each once, whatever fails."""

import asyncio
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP as EMAIL
from typing import Any

import aiosmtplib
from sqlalchemy import select, update

from kit.database import Database
from kit.relay import stream_of
from portal.ports import free_port
from services.cases.app import create_app
from services.cases.events import CaseCreated
from services.cases.models import (
    CaseComment,
    CaseQueue,
    Notice,
)
from tests.support.cases import (
    OWN,
    a_caller,
    a_case,
    answered,
    global_id,
    kept,
    staff,
)
from tests.support.corresponding import (
    DESK,
    ORIGIN,
    REPLY_DOMAIN,
    Post,
    a_conversation,
    a_person,
    a_process,
    a_silent_server,
    commented,
    happened,
    known,
    mail_settings,
    text_of,
)

REPLY = """mutation Reply($i: AddCommentInput!) {
    addCaseComment(input: $i) { comment { id } errors { code } } }"""


async def test_the_desk_hears_of_each_comment_once(cases: Database, post: Post) -> None:
    customer, case, _ = await a_conversation(cases)
    await commented(cases, customer, case, "It is on fire.")

    await post.run()
    await post.run()

    (mail,) = post.inbox.arrived
    assert (mail["To"], mail["Subject"]) == (DESK, f"Case {case.number}: It burns")
    assert "Ada Byron wrote in this case:\n\nIt is on fire.\n" in text_of(mail)
    assert f"{ORIGIN}/cases/{global_id(case)}\n" in text_of(mail)


async def test_the_desk_hears_of_each_case(cases: Database, post: Post) -> None:
    customer, case, _ = await a_conversation(cases)
    created = CaseCreated(
        case_id=case.id,
        account_id=case.account_id,
        queue=case.queue.name,
        requester_id=customer.id,
    )
    await happened(cases, created)

    await post.run()

    (mail,) = post.inbox.arrived
    assert mail["To"] == DESK
    assert "Ada Byron has opened this case:\n\nIt does not work.\n" in text_of(mail)


async def test_a_desk_without_an_address_gets_no_mail(cases: Database, post: Post) -> None:
    customer = a_caller(*OWN)
    case = a_case(customer, queue=CaseQueue.LICENSING)
    await kept(cases, case)
    await commented(cases, customer, case)

    await post.run()

    assert post.inbox.arrived == []


async def test_a_comment_that_is_submitted_twice_is_mailed_once(
    cases: Database, post: Post
) -> None:
    customer, case, _ = await a_conversation(cases)
    input = {"caseId": global_id(case), "body": "And now?", "idempotencyKey": "k1"}

    async with asyncio.TaskGroup() as group:
        for _ in range(2):
            group.create_task(answered(cases, customer, REPLY, i=input))
    await post.run()

    assert [mail["To"] for mail in post.inbox.arrived] == [DESK]


async def test_an_event_that_comes_twice_is_mailed_once(cases: Database, post: Post) -> None:
    customer, case, _ = await a_conversation(cases)
    await commented(cases, customer, case)
    await post.run()
    stream = stream_of("cases")
    entries: Any = await post.redis.xrange(stream)
    for _, fields in entries:
        await post.redis.xadd(stream, fields)

    await post.run()

    assert len(post.inbox.arrived) == 1


async def test_a_server_that_was_down_gets_each_mail_once_later(
    cases: Database, post: Post
) -> None:
    customer, case, _ = await a_conversation(cases)
    await commented(cases, customer, case)
    down = post.settings.model_copy(update={"mail_url": f"smtp://127.0.0.1:{free_port()}"})

    up, post.settings = post.settings, down
    await post.run()
    post.settings, post.ahead = up, timedelta(minutes=1)
    await post.run()
    await post.run()

    assert len(post.inbox.arrived) == 1


async def test_a_mail_whose_process_is_killed_while_it_is_sent_is_sent_once_by_the_next(
    cases: Database, cases_url: str, post: Post, valkey_url: str
) -> None:
    customer, case, _ = await a_conversation(cases)
    settings = mail_settings(cases_url, redis_url=valkey_url)

    async with a_silent_server() as silent, asyncio.timeout(60):
        doomed = await a_process(settings, mail_url=silent.url)
        await commented(cases, customer, case)
        await silent.reached.wait()
        doomed.kill()
        await doomed.wait()
    successor = await a_process(settings, mail_url=post.inbox.url)
    async with asyncio.timeout(60):
        await post.inbox.next()
    successor.terminate()
    await successor.wait()
    await post.run()

    assert [mail["To"] for mail in post.inbox.arrived] == [DESK]


async def test_a_mail_that_is_sent_again_is_the_same_mail(cases: Database, post: Post) -> None:
    customer, case, _ = await a_conversation(cases)
    await commented(cases, staff(), case)
    await post.run()
    async with cases.system() as session:
        await session.execute(update(Notice).values(done_at=None))

    await post.run()

    first, again = post.inbox.to((await known(cases, customer)).email)
    assert first["Message-ID"] == again["Message-ID"]
    assert first["Reply-To"] == again["Reply-To"]


async def test_the_mails_of_a_case_are_one_thread_and_those_of_two_are_not(
    cases: Database, post: Post
) -> None:
    _, case, person = await a_conversation(cases)
    _, other, _ = await a_conversation(cases)
    for each in (case, case, other):
        await commented(cases, staff(), each)

    await post.run()

    threads = {(mail["Subject"], mail["References"]) for mail in post.inbox.arrived}
    assert len(threads) == 2
    assert all(mail["In-Reply-To"] == mail["References"] for mail in post.inbox.arrived)
    first, second = post.inbox.to(person.email)
    assert first["Reply-To"] != second["Reply-To"]


async def test_only_mails_to_a_person_can_be_answered(cases: Database, post: Post) -> None:
    _, case, person = await a_conversation(cases)
    await commented(cases, staff(), case)

    await post.run()

    (to_reader,), (to_desk,) = post.inbox.to(person.email), post.inbox.to(DESK)
    address = to_reader["Reply-To"].addresses[0]
    assert address.domain == REPLY_DOMAIN
    assert len(address.username) <= 64
    assert "Write your answer above this line" in text_of(to_reader)
    assert to_desk["Reply-To"] is None


async def test_without_a_domain_nobody_is_asked_to_answer(cases: Database, post: Post) -> None:
    _, case, person = await a_conversation(cases)
    await commented(cases, staff(), case)
    post.settings = post.settings.model_copy(update={"reply_domain": None})

    await post.run()

    (mail,) = post.inbox.to(person.email)
    assert mail["Reply-To"] is None
    assert "above this line" not in text_of(mail)


async def test_the_running_service_sends_what_is_announced(
    cases: Database, cases_url: str, post: Post, valkey_url: str
) -> None:
    customer, case, _ = await a_conversation(cases)
    settings = mail_settings(cases_url, redis_url=valkey_url, mail_url=post.inbox.url)
    service = create_app(settings)

    async with service.router.lifespan_context(service), asyncio.timeout(20):
        await commented(cases, customer, case)
        mail = await post.inbox.next()

    assert mail["To"] == DESK


async def test_the_running_service_takes_the_answer_to_its_own_mail(
    cases: Database, cases_url: str, post: Post, valkey_url: str
) -> None:
    customer = a_caller(*OWN)
    case, person = a_case(customer, queue=CaseQueue.LICENSING), a_person(customer)
    await kept(cases, case, person)
    port = free_port()
    settings = mail_settings(
        cases_url, redis_url=valkey_url, mail_url=post.inbox.url, mail_in_port=port
    )
    service = create_app(settings)

    async with service.router.lifespan_context(service), asyncio.timeout(20):
        await commented(cases, staff(), case, "Did you turn it off?")
        mail = await post.inbox.next()
        answer = EmailMessage(policy=EMAIL)
        answer["From"], answer["To"] = person.email, str(mail["Reply-To"])
        answer.set_content("I did.\n\n" + "> ".join(["", *text_of(mail).splitlines(True)]))
        await aiosmtplib.send(answer, hostname="127.0.0.1", port=port)

    async with cases.system() as session:
        rows = await session.scalars(
            select(CaseComment.body)
            .where(CaseComment.case_id == case.id)
            .order_by(CaseComment.created_at)
        )
    assert rows.all() == ["Did you turn it off?", "I did."]


async def test_no_secret_of_an_address_is_in_the_queue(cases: Database, post: Post) -> None:
    _, case, person = await a_conversation(cases)
    await commented(cases, staff(), case)
    await post.run()
    (mail,) = post.inbox.to(person.email)
    token = mail["Reply-To"].addresses[0].username.partition("+")[2]

    async with cases.system() as session:
        notices = (await session.scalars(select(Notice))).all()

    assert all(token not in repr(notice).lower() for notice in notices)
