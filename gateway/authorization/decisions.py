"""The policies' answers within one operation: nothing is asked twice, and only a yes is a yes."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Final

import orjson

from gateway.authorization.policies import Policies, Question
from kit.principal import Principal

logger = logging.getLogger(__name__)

_FAILED: Final = object()


class Decisions:
    """Asks policies on behalf of one caller. Whoever fails, in any way, has said no."""

    def __init__(self, policies: Policies, principal: Principal | None, *, timeout: float) -> None:
        self._policies = policies
        self._principal = principal
        self._timeout = timeout
        self._answers: dict[tuple[str, bytes], bool] = {}
        self._asking = asyncio.Lock()

    async def ask(self, questions: Iterable[tuple[str, Question | None]]) -> None:
        """Have these policies answer: about an object, or about the caller alone."""
        async with self._asking:
            wanted: dict[str, dict[bytes, Question]] = {}
            async with asyncio.TaskGroup() as group:
                for name, question in questions:
                    key = self._key(name, question)
                    if key is None or (name, key) in self._answers:
                        continue
                    self._answers[name, key] = False
                    if question is None or name in self._policies.about_callers:
                        group.create_task(self._ask_about_caller(name, key))
                    else:
                        wanted.setdefault(name, {})[key] = question
                for name, asked in wanted.items():
                    group.create_task(self._ask_about_objects(name, asked))

    def granted(self, name: str, question: Question | None) -> bool:
        """Whether the policy was asked this and said yes."""
        key = self._key(name, question)
        return key is not None and self._answers.get((name, key), False)

    def _key(self, name: str, question: Question | None) -> bytes | None:
        if question is None or name in self._policies.about_callers:
            return b""
        asked = [question.type, question.field, question.keys, question.arguments]
        try:
            return orjson.dumps(asked, option=orjson.OPT_SORT_KEYS)
        except orjson.JSONEncodeError:  # such values cannot be told from others
            return None

    async def _ask_about_caller(self, name: str, key: bytes) -> None:
        judge = self._policies.about_callers.get(name)
        if judge is None:
            _log(name, "there is no such policy")
            return
        answer = await self._answer(name, judge, self._principal)
        if answer.__class__ is bool:
            self._answers[name, key] = answer
        elif answer is not _FAILED:
            _log(name, "its answer is not a bool")

    async def _ask_about_objects(self, name: str, asked: dict[bytes, Question]) -> None:
        judge = self._policies.about_objects.get(name)
        if judge is None:
            _log(name, "there is no such policy")
            return
        answers = await self._answer(name, judge, self._principal, tuple(asked.values()))
        if _fits(answers, len(asked)):
            self._answers.update(
                ((name, key), answer) for key, answer in zip(asked, answers, strict=True)
            )
        elif answers is not _FAILED:
            _log(name, "it does not give a bool for each question")

    async def _answer(self, name: str, judge: Callable[..., Awaitable[Any]], *about: Any) -> Any:
        """What the policy says, `_FAILED` when it says nothing."""
        try:
            async with asyncio.timeout(self._timeout):
                return await judge(*about)
        except TimeoutError:
            _log(name, "it did not answer in time")
        except Exception as error:  # whatever it is, nobody has said yes
            logger.warning("policy failed", extra={"policy": name}, exc_info=error)
        return _FAILED


def _fits(answers: Any, number: int) -> bool:
    return (
        isinstance(answers, Sequence)
        and len(answers) == number
        and all(answer.__class__ is bool for answer in answers)
    )


def _log(name: str, reason: str) -> None:
    logger.warning("policy failed", extra={"policy": name, "reason": reason})
