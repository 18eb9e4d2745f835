"""The company's policies: good ones, and every way in which one can go wrong."""

import asyncio
from collections.abc import Sequence
from typing import Any

from gateway.authorization.policies import Policies, Question
from kit.principal import Principal

policies = Policies()


@policies.of_caller("open")
async def _open(caller: Principal | None) -> bool:
    return True


@policies.of_caller("closed")
async def _closed(caller: Principal | None) -> bool:
    return False


@policies.of_caller("slow")
async def _slow(caller: Principal | None) -> bool:
    await asyncio.Event().wait()
    return True


@policies.of_caller("broken")
async def _broken(caller: Principal | None) -> bool:
    raise LookupError("secret-policy-engine:8181")


@policies.of_caller("garbage")
async def _garbage(caller: Principal | None) -> Any:
    return "yes"


@policies.of_objects("own")
async def _own(caller: Principal | None, asked: Sequence[Question]) -> list[bool]:
    return [each.keys.get("id") == "e1" or "1" in str(each.keys) for each in asked]


@policies.of_objects("few")
async def _few(caller: Principal | None, asked: Sequence[Question]) -> list[bool]:
    return [True] * (len(asked) - 1)
