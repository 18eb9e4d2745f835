"""The rules of a subgraph's schema, enforced by the subgraph itself.

The gateway decides before it asks, so a denial here means that somebody went round its decision.
A denied field is null with `FORBIDDEN_FIELD` and its resolver does not run; an operation with a
denied field at the root of Mutation or Subscription does not run at all.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from graphql import (
    Executor,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    MiddlewareManager,
    OperationDefinitionNode,
)
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from kit.principal import Principal
from kit.subgraph.requirements import Coordinate, Requirement, requirements_of
from kit.subgraph.touched import Fragments, Touched, touched_by

logger = logging.getLogger(__name__)

#: Whether a caller meets a policy.
Policy = Callable[[Principal], bool]

#: What a schema denies to a caller, each with the first requirement that is not met.
Denials = Mapping[Coordinate, Requirement]

#: Operations whose fields are remembered, for each schema; callers whose scopes are.
_OPERATIONS: Final = 1024
_CALLERS: Final = 4096
#: The key among a schema's extensions.
_ENFORCEMENT: Final = "enforcement"


class FieldForbidden(GraphQLError):
    """The caller does not meet what `coordinate`, a field or type, requires."""

    def __init__(self, coordinate: str, path: list[str | int] | None = None) -> None:
        super().__init__(
            "You may not see this field.",
            path=path,
            extensions={"code": "FORBIDDEN_FIELD", "coordinate": coordinate},
        )


class Enforcement:
    """The rules of one schema. A policy that the service does not have is met by nobody."""

    def __init__(self, schema: GraphQLSchema, policies: Mapping[str, Policy]) -> None:
        self._schema = schema
        self._requirements = requirements_of(schema)
        self._policies = policies
        self._touched: OrderedDict[int, Touched] = OrderedDict()

    def denials(
        self, caller: Principal | None, operation: OperationDefinitionNode, fragments: Fragments
    ) -> Denials:
        """The fields of the operation that the caller may not have."""
        touched = self.touched_by(operation, fragments)
        unmet = [each for each in touched.asked if not self._meets(caller, each)]
        if not unmet:
            return {}
        elements = [each.element for each in unmet]
        logger.warning("denied in the service", extra={"elements": elements})
        return {
            coordinate: next(each for each in asked if each in unmet)
            for coordinate, asked in touched.fields.items()
            if not set(asked).isdisjoint(unmet)
        }

    def touched_by(self, operation: OperationDefinitionNode, fragments: Fragments) -> Touched:
        """The guarded fields of the operation, found once."""
        # The same text is parsed once, so the same operation is the same object. It is kept with
        # what was found: as long as it is, no other object has its id.
        known = self._touched.get(id(operation))
        if known is None:
            known = touched_by(operation, fragments, self._schema, self._requirements)
            self._touched[id(operation)] = known
            if len(self._touched) > _OPERATIONS:
                self._touched.popitem(last=False)
        return known

    def _meets(self, caller: Principal | None, requirement: Requirement) -> bool:
        if caller is None:
            return False
        return _any_held(requirement.scopes, _scopes(caller)) and self._allow(caller, requirement)

    def _allow(self, caller: Principal, requirement: Requirement) -> bool:
        return not requirement.policies or any(
            all(self._allows(name, caller) for name in alternative)
            for alternative in requirement.policies
        )

    def _allows(self, name: str, caller: Principal) -> bool:
        policy = self._policies.get(name)
        if policy is None:
            return False
        try:
            return policy(caller) is True
        except Exception:  # a policy that cannot decide denies
            logger.exception("policy failed", extra={"policy": name})
            return False


class EnforcingExecutor(StrawberryGraphQLCoreExecutionContext):
    """Runs an operation without what its caller may not have.

    The caller is the context's `principal`; without one there is none.
    """

    @classmethod
    def build(cls, *args: Any, **kwargs: Any) -> Any:
        """An executor with denied fields closed, or why nothing of the operation may run."""
        executor = super().build(*args, **kwargs)
        return executor if isinstance(executor, list) else _enforced(executor)


def enforce(schema: GraphQLSchema, policies: Mapping[str, Policy]) -> None:
    """Have `EnforcingExecutor` enforce the schema's rules. Raises ValueError for a bad rule."""
    schema.extensions[_ENFORCEMENT] = Enforcement(schema, policies)


def _enforced(executor: Executor[Any]) -> Executor[Any] | list[GraphQLError]:
    enforcement: Enforcement = executor.schema.extensions[_ENFORCEMENT]
    caller = getattr(executor.context_value, "principal", None)
    denials = enforcement.denials(caller, executor.operation, executor.fragment_definitions)
    if not denials:
        return executor
    touched = enforcement.touched_by(executor.operation, executor.fragment_definitions)
    refused: list[GraphQLError] = [
        FieldForbidden(denials[coordinate].element, [key])
        for key, coordinate in touched.acts
        if coordinate in denials
    ]
    inner = executor.middleware_manager.middlewares if executor.middleware_manager else ()
    executor.middleware_manager = MiddlewareManager(*inner, _Denying(denials))
    return refused or executor


@dataclass(frozen=True, slots=True)
class _Denying:
    """A middleware: it stands before every field of an operation of which some are denied."""

    denials: Denials

    def resolve(
        self, next_: Callable[..., Any], source: Any, info: GraphQLResolveInfo[Any], **given: Any
    ) -> Any:
        denial = self.denials.get((info.parent_type.name, info.field_name))
        if denial is not None:
            raise FieldForbidden(denial.element)
        return next_(source, info, **given)


def _any_held(alternatives: Iterable[frozenset[str]], held: frozenset[str]) -> bool:
    return not alternatives or any(alternative <= held for alternative in alternatives)


@lru_cache(maxsize=_CALLERS)
def _scopes(caller: Principal) -> frozenset[str]:
    return caller.scopes
