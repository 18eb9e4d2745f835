"""The federations whose plans are compared, and what each is asked.

A folder in `sets` is a federation: a file for each subgraph, and `operations.graphql`. Where the
subgraphs leave operations that nobody can answer, so that composition refuses them, the folder has
the `supergraph.graphql` of a composer that does not look. The portal is one more federation, with
its clients' operations. To these come operations made by chance.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product
from pathlib import Path
from random import Random
from typing import Final

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    concat_ast,
    parse,
    separate_operations,
    validate,
)

from gateway import viewer
from gateway.composition import Subgraph, compose
from gateway.graph.query_graph import QueryGraph
from gateway.operation.conditions import condition_variables
from gateway.operation.normalise import normalise
from gateway.plan.fetch import Plan
from gateway.planner.planning import plan
from gateway.supergraph.reader import read_supergraph
from portal.subgraphs import committed_schemas
from tests.gateway.planner.oracle.chance import operations_by_chance
from tests.gateway.planner.oracle.subgraph_schema import subgraph_schema

BY_CHANCE: Final = 15

_SETS: Final = Path(__file__).parent / "sets"
_OPERATIONS: Final = "operations"
_SUPERGRAPH: Final = "supergraph"
_PORTAL_OPERATIONS: Final = Path(__file__).parents[3] / "e2e" / "operations"


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """An operation, with what decides its conditions and the overrides.

    `name` tells all of it, like `Rates wanted=true, overridden`. `truths` are the variables of
    @skip and @include. `labels` are the active ones of progressive @overrides: all of them or none.
    """

    name: str
    operation: str
    document: DocumentNode
    truths: Mapping[str, bool]
    labels: frozenset[str]


@dataclass(frozen=True, eq=False)
class Federation:
    """Subgraphs, by name, and what is asked of them, by name."""

    name: str
    subgraphs: Mapping[str, str]
    documents: Mapping[str, DocumentNode]
    kept_supergraph: str | None = None

    @cached_property
    def supergraph(self) -> str:
        """The one that is kept, or what our composition makes of the subgraphs."""
        if self.kept_supergraph is not None:
            return self.kept_supergraph
        members = [Subgraph(name, f"http://{name}", sdl) for name, sdl in self.subgraphs.items()]
        composition = compose(members)
        assert composition.supergraph_sdl is not None, (self.name, composition.errors)
        return composition.supergraph_sdl

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Each operation, under each value of its conditions and each state of the overrides."""
        made = operations_by_chance(self._schema, Random(self.name), BY_CHANCE)
        documents = {**self.documents, **made}
        return tuple(each for name in documents for each in self._asked(name, documents[name]))

    def plan(self, question: Question) -> Plan:
        """Our plan. Raises `NoPlan`."""
        operation = normalise(
            question.document, _operation_in(question.document), self._schema, question.truths
        )
        return plan(self._graph, operation, labels=question.labels)

    def refusals(self, subgraph: str, document: str) -> list[GraphQLError]:
        """Why the subgraph would refuse a request; empty if it would not."""
        return validate(self._schemas[subgraph], parse(document, no_location=True))

    @cached_property
    def _schemas(self) -> Mapping[str, GraphQLSchema]:
        return {name: subgraph_schema(sdl) for name, sdl in self.subgraphs.items()}

    @cached_property
    def _graph(self) -> QueryGraph:
        return QueryGraph(read_supergraph(self.supergraph))

    @property
    def _schema(self) -> GraphQLSchema:
        return self._graph.supergraph.api_schema

    @cached_property
    def _labels(self) -> frozenset[str]:
        return frozenset(
            field.label.name
            for subgraph in self._graph.supergraph.subgraphs.values()
            for type in subgraph.types.values()
            for field in type.fields.values()
            if field.label is not None
        )

    def _asked(self, name: str, document: DocumentNode) -> Iterator[Question]:
        assert validate(self._schema, document) == [], (self.name, name)
        variables = sorted(condition_variables(document, _operation_in(document)))
        for labels in sorted({frozenset(), self._labels}, key=len):
            for values in product((True, False), repeat=len(variables)):
                truths = dict(zip(variables, values, strict=True))
                yield Question(_title(name, truths, labels), name, document, truths, labels)


@cache
def federations() -> Mapping[str, Federation]:
    """All of them, by name."""
    sets = (_read(folder) for folder in sorted(_SETS.iterdir()))
    return {each.name: each for each in (*sets, _portal())}


def _read(folder: Path) -> Federation:
    sdls = {file.stem: file.read_text() for file in sorted(folder.glob("*.graphql"))}
    documents = separate_operations(parse(sdls.pop(_OPERATIONS), no_location=True))
    supergraph = sdls.pop(_SUPERGRAPH, None)
    return Federation(folder.name, sdls, documents, supergraph)


def _portal() -> Federation:
    files = sorted(_PORTAL_OPERATIONS.glob("*.graphql"))
    documents = concat_ast([parse(file.read_text(), no_location=True) for file in files])
    subgraphs = {**committed_schemas(), viewer.NAME: viewer.schema.as_str()}
    return Federation("portal", subgraphs, separate_operations(documents))


def _operation_in(document: DocumentNode) -> OperationDefinitionNode:
    [operation] = [
        node for node in document.definitions if isinstance(node, OperationDefinitionNode)
    ]
    return operation


def _title(name: str, truths: Mapping[str, bool], labels: frozenset[str]) -> str:
    decided = "".join(f" {variable}={str(value).lower()}" for variable, value in truths.items())
    return f"{name}{decided}{', overridden' if labels else ''}"
