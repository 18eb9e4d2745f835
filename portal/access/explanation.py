"""One operation for one caller: which fields are denied, by which rule, and what that saves."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from graphql import GraphQLSchema, OperationType

from gateway import viewer
from gateway.authorization.denial import Denial, Denials
from gateway.authorization.filter import permitted
from gateway.authorization.rules import Audience, Authorization
from gateway.documents import Documents
from gateway.graph.query_graph import QueryGraph
from gateway.operation.limits import Limits
from gateway.operation.model import Field, Operation, Selection
from gateway.operation.normalise import normalise
from gateway.operation.types import possible_types
from gateway.plan.printer import rounds
from gateway.planner.planning import plan
from gateway.supergraph.model import Supergraph
from portal.access.demands import Guards, guards_of, in_words


@dataclass(frozen=True, slots=True)
class FieldAccess:
    """A field at a place of the operation.

    `rules` are all that stand before it, in words, by the coordinate that carries them;
    `denied_by` is the first that is not met, and `missing` what would meet it.
    """

    path: str
    coordinate: str
    rules: Mapping[str, str]
    denied_by: str | None = None
    missing: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """What becomes of an operation. `asked` and `needed` are subgraphs, by round of requests.

    A mutation that is `refused` asks nobody.
    """

    fields: Sequence[FieldAccess]
    refused: bool
    needed: Sequence[Sequence[str]]
    asked: Sequence[Sequence[str]]


def explain(
    supergraph: Supergraph, audience: Audience, text: str, name: str | None = None
) -> Explanation:
    """What becomes of the operation, with @skip and @include as if all were included.

    Raises `GatewayError` when it cannot be understood or planned.
    """
    schema = supergraph.api_schema
    document = Documents(schema, Limits(), introspection=True, size=1).prepare(text, name)
    truths = dict.fromkeys(document.conditions, True)
    operation = normalise(document.node, document.operation, schema, truths)
    found = Authorization(supergraph).denials(audience)
    denials: Denials = dict(found.items())
    graph = QueryGraph(supergraph)
    refused = _is_refused(operation, denials)
    return Explanation(
        fields=list(_Reader(schema, guards_of(supergraph), denials).fields(operation)),
        refused=refused,
        needed=_rounds(graph, operation),
        asked=[] if refused else _rounds(graph, permitted(operation, schema, denials)),
    )


def _rounds(graph: QueryGraph, operation: Operation) -> list[list[str]]:
    """Which services are asked, without the gateway's own part."""
    found = rounds(plan(graph, operation))
    asked = [[name for name in names if name != viewer.NAME] for names in found]
    return [names for names in asked if names]


def _is_refused(operation: Operation, denials: Denials) -> bool:
    is_mutation = operation.kind is OperationType.MUTATION
    return is_mutation and any((operation.type, each.name) in denials for each in operation.roots)


@dataclass(frozen=True, slots=True)
class _Reader:
    schema: GraphQLSchema
    guards: Guards
    denials: Denials

    def fields(self, operation: Operation) -> Iterator[FieldAccess]:
        yield from self._below(operation.selections, "")

    def _below(self, selections: Sequence[Selection], path: str) -> Iterator[FieldAccess]:
        for each in selections:
            if not isinstance(each, Field):
                yield from self._below(each.selections, path)
                continue
            place = f"{path}.{each.key}" if path else each.key
            types = possible_types(each.parent, self.schema)
            found = [self._access(place, type, each.name) for type in types]
            yield from found
            if any(access.denied_by is None for access in found):
                yield from self._below(each.selections, place)

    def _access(self, path: str, type: str, name: str) -> FieldAccess:
        rules = self.guards.get((type, name), {})
        denial = self.denials.get((type, name))
        asked = {coordinate: in_words([rule]) for coordinate, rule in rules.items()}
        if denial is None:
            return FieldAccess(path, f"{type}.{name}", asked)
        return FieldAccess(path, f"{type}.{name}", asked, denial.coordinate, _missing(denial))


def _missing(denial: Denial) -> str:
    alternatives = [" and ".join(names) for names in denial.missing]
    return " or ".join(alternatives) or denial.required
