"""What is denied before anything is fetched, and what is left to be decided object by object."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_argument_values,
)
from graphql.execution.values import VariableValues

from gateway.authorization.decisions import Decisions
from gateway.authorization.denial import Denial
from gateway.authorization.inputs import node_of_text
from gateway.authorization.keys import Keys
from gateway.authorization.policies import Question
from gateway.authorization.rules import Audience, Authorization, Pending, Standing
from gateway.authorization.touched import FieldUse, Touched


@dataclass(frozen=True, slots=True)
class Judgement:
    """Of one caller's operation. `gates` are uses of fields that policies open for some objects."""

    audience: Audience
    denials: Mapping[tuple[str, ...], Denial] = field(default_factory=dict)
    gates: Mapping[tuple[str, str, str], tuple[Pending, ...]] = field(default_factory=dict)


async def judge(
    touched: Touched,
    audience: Audience,
    authorization: Authorization,
    decisions: Decisions,
    keys: Keys,
    values: "Values",
) -> Judgement:
    """Ask the policies that need no object, and bring together what else is known."""
    if touched.caller_policies:
        names = sorted(touched.caller_policies)
        await decisions.ask((name, None) for name in names)
        granted = frozenset(name for name in names if decisions.granted(name, None))
        audience = replace(audience, granted=granted)
    standing = authorization.standing(audience)
    denials: dict[tuple[str, ...], Denial] = {}
    waiting: dict[FieldUse, tuple[Pending, ...]] = {}
    for use in touched.uses:
        verdicts = list(_verdicts(use, standing))
        denied = next((each for each in verdicts if isinstance(each, Denial)), None)
        if denied is not None:
            denials[use.key] = denied
        elif verdicts:
            waiting[use] = tuple(each for each in verdicts if isinstance(each, Pending))
    keyless = {use: each for use, each in waiting.items() if not keys.of(use.type)}
    denials |= await _without_objects(keyless, decisions, values)
    gates = {use.key: each for use, each in waiting.items() if use not in keyless}
    return Judgement(audience, denials, gates)


@dataclass(frozen=True, slots=True)
class Values:
    """The coerced variables of a request, and what arguments they make."""

    schema: GraphQLSchema
    variables: Mapping[str, Any]

    def arguments(self, type: str, field: str, text: str) -> Mapping[str, Any] | None:
        """The field's coerced arguments; None for some that cannot be."""
        declared = self.schema.type_map[type]
        assert isinstance(declared, GraphQLObjectType | GraphQLInterfaceType)
        if not declared.fields[field].args:
            return {}
        values = VariableValues({}, dict(self.variables))
        try:
            return get_argument_values(declared.fields[field], node_of_text(field, text), values)
        except GraphQLError:
            return None


def denial_by(
    pending: Sequence[Pending], question: Question, decisions: Decisions
) -> Denial | None:
    """What denies the field of the object that the policies were asked about."""
    for rule in pending:
        granted = frozenset(name for name in rule.names if decisions.granted(name, question))
        denial = rule.denial(granted)
        if denial is not None:
            return denial
    return None


def refusal_of(pending: Sequence[Pending]) -> Denial:
    """What is said where nobody could be asked."""
    rule = pending[0]
    denial = rule.denial(frozenset())
    assert denial is not None  # every alternative names a policy
    return denial


async def _without_objects(
    waiting: Mapping[FieldUse, tuple[Pending, ...]], decisions: Decisions, values: Values
) -> dict[tuple[str, ...], Denial]:
    """Of fields whose objects have no key: a policy needs to know no more."""
    denials: dict[tuple[str, ...], Denial] = {}
    questions: dict[FieldUse, Question] = {}
    for use, pending in waiting.items():
        arguments = values.arguments(use.type, use.name, use.arguments)
        if arguments is None:
            denials[use.key] = refusal_of(pending)
        else:
            questions[use] = Question(use.type, use.name, {}, arguments)
    await decisions.ask(
        (name, question) for use, question in questions.items() for name in _names(waiting[use])
    )
    for use, question in questions.items():
        denial = denial_by(waiting[use], question, decisions)
        if denial is not None:
            denials[use.key] = denial
    return denials


def _verdicts(use: FieldUse, standing: Standing) -> Iterator[Denial | Pending]:
    denial = standing.denials.get(use.coordinate)
    if denial is not None:
        yield denial
    yield from standing.pending.get(use.coordinate, ())
    for name in use.inputs:
        if name in standing.inputs:
            yield standing.inputs[name]


def _names(pending: Sequence[Pending]) -> list[str]:
    return sorted(frozenset[str]().union(*(each.names for each in pending)))
