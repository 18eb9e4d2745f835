"""What decides `@policy`: async functions, registered by the names that schemas use."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from gateway.errors import GatewayError
from kit.principal import Principal


class InvalidPolicies(GatewayError):
    """The module of the settings cannot be imported, or has no policies."""

    code = "INVALID_POLICIES"

    def __init__(self, module: str, reason: str) -> None:
        super().__init__(f"{module}: {reason}.")


@dataclass(frozen=True, slots=True)
class Question:
    """May the caller see this field of this object?

    `keys` are the fields of the object's entity key, nothing for an object without one;
    `arguments` the field's, coerced.
    """

    type: str
    field: str
    keys: Mapping[str, Any]
    arguments: Mapping[str, Any]


#: One answer for each question, in their order. Anything else than a bool is a no.
JudgeObjects = Callable[[Principal | None, Sequence[Question]], Awaitable[Sequence[bool]]]
JudgeCaller = Callable[[Principal | None], Awaitable[bool]]


class Policies:
    """The policies that there are. A name has one; raises ValueError for a second."""

    def __init__(self) -> None:
        self.about_callers: dict[str, JudgeCaller] = {}
        self.about_objects: dict[str, JudgeObjects] = {}

    @property
    def names(self) -> frozenset[str]:
        """Those that are decided by anything."""
        return frozenset(self.about_callers) | frozenset(self.about_objects)

    def of_caller(self, name: str) -> Callable[[JudgeCaller], JudgeCaller]:
        """Register a policy that looks at nothing but the caller: it is asked before planning."""

        def register(judge: JudgeCaller) -> JudgeCaller:
            self._check_free(name)
            self.about_callers[name] = judge
            return judge

        return register

    def of_objects(self, name: str) -> Callable[[JudgeObjects], JudgeObjects]:
        """Register a policy that is asked for all objects of a moment together."""

        def register(judge: JudgeObjects) -> JudgeObjects:
            self._check_free(name)
            self.about_objects[name] = judge
            return judge

        return register

    def _check_free(self, name: str) -> None:
        if name in self.names:
            raise ValueError(f"There is a policy '{name}' already.")


def load_policies(module: str | None) -> Policies:
    """The `policies` of a module, none without one. Raises `InvalidPolicies`."""
    if module is None:
        return Policies()
    try:
        found = getattr(import_module(module), "policies", None)
    except Exception as error:  # whatever it is, the gateway must not start without its policies
        raise InvalidPolicies(module, f"it cannot be imported: {error}") from error
    if not isinstance(found, Policies):
        raise InvalidPolicies(module, "it has no `policies`")
    return found
