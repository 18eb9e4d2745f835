"""`python -m benchmarks.authorization`: what rules cost.

The portal's heaviest operation runs through the pipeline over subgraphs that answer at once, with
the portal's rules and without any; the caller may see everything, so that both do the same.
"""

import asyncio
import gc
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any, Final
from uuid import UUID

import orjson
from graphql import (
    FieldNode,
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    is_abstract_type,
    parse,
)

from gateway.authentication.principals import Caller
from gateway.edge.connection import Connection
from gateway.pipeline import OperationRequest, Pipeline, assemble
from gateway.settings import EngineSettings
from gateway.supergraph.model import Supergraph
from gateway.supergraph.reader import read_supergraph
from gateway.transport.request import Connections, SubgraphRequest
from kit.contract import Capability, PrincipalKind
from kit.principal import Principal
from portal.commands.compose import composed

_OPERATION: Final = (
    Path(__file__).parent.parent / "tests" / "e2e" / "operations" / "spa_home.graphql"
)
_ITEMS: Final = 20
_REQUESTS: Final = 50
_ROUNDS: Final = 15
_VALUES: Final = {"Int": 1, "Float": 1.5, "Boolean": True}


def main() -> None:
    """Print requests per second of CPU time, with rules and without, and the difference."""
    supergraph = read_supergraph(composed())
    asyncio.run(_compare(supergraph, replace(supergraph, rules={})))


async def _compare(ruled: Supergraph, open_to_all: Supergraph) -> None:
    """The rounds alternate: whatever else the machine does is done to both."""
    pipelines = [_pipeline(ruled), _pipeline(open_to_all)]
    for pipeline in pipelines:
        await _answered(pipeline)
    gc.freeze()
    seconds: list[list[float]] = [[], []]
    for _ in range(_ROUNDS):
        for pipeline, taken in zip(pipelines, seconds, strict=True):
            started = time.process_time()
            for _ in range(_REQUESTS):
                await _answered(pipeline)
            taken.append(time.process_time() - started)
    on, off = (_REQUESTS / median(taken) for taken in seconds)
    ratio = median(a / b for a, b in zip(*seconds, strict=True))
    print(f"{len(ruled.rules)} rules: {on:.0f} requests/s, none: {off:.0f} requests/s")
    print(f"rules cost {100 * (ratio - 1):.1f} % of the time")


def _pipeline(supergraph: Supergraph) -> Pipeline:
    answering = _Answering(supergraph.schema)
    requests = dict.fromkeys(supergraph.subgraphs, answering)
    return assemble(supergraph, Connections(requests), EngineSettings())


async def _answered(pipeline: Pipeline) -> None:
    principal = Principal(PrincipalKind.STAFF, UUID(int=1), everywhere=frozenset(Capability))
    caller = Caller(principal, "")
    text = _OPERATION.read_text(encoding="utf-8")
    request = OperationRequest(text, None, _variables(text), Connection(caller, None))
    result = await pipeline.answer(request, pipeline.prepare(request))
    assert result.data is not None, result.errors


def _variables(text: str) -> dict[str, Any]:
    [operation] = [each for each in parse(text).definitions if hasattr(each, "operation")]
    assert isinstance(operation, OperationDefinitionNode)
    required = [
        each.variable.name.value
        for each in operation.variable_definitions or ()
        if each.type.kind == "non_null_type" and each.default_value is None
    ]
    return dict.fromkeys(required, "1")


class _Answering:
    """A subgraph that knows an answer to everything. Answers are made once for each request."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._known: dict[bytes, bytes] = {}

    async def __call__(self, request: SubgraphRequest) -> Mapping[str, Any]:
        key = orjson.dumps([request.document, request.variables])
        if key not in self._known:
            self._known[key] = orjson.dumps({"data": self._data(request)})
        answer: dict[str, Any] = orjson.loads(self._known[key])
        return answer

    def _data(self, request: SubgraphRequest) -> dict[str, Any]:
        [operation] = parse(request.document).definitions
        assert isinstance(operation, OperationDefinitionNode)
        root = self._schema.get_root_type(operation.operation)
        assert root is not None
        data: dict[str, Any] = {}
        for node in operation.selection_set.selections:
            assert isinstance(node, FieldNode)
            if node.name.value == "_entities":
                data[_key(node)] = self._entities(node, request.variables)
            else:
                data |= self._object(root, SelectionSetNode(selections=(node,)), 0)
        return data

    def _entities(self, node: FieldNode, variables: Mapping[str, Any]) -> list[dict[str, Any]]:
        [argument] = node.arguments or ()
        assert node.selection_set is not None
        represented = variables[argument.value.name.value]  # type: ignore[attr-defined]
        return [
            self._object(self._schema.type_map[each["__typename"]], node.selection_set, number)
            for number, each in enumerate(represented)
        ]

    def _object(self, type: Any, selections: SelectionSetNode, number: int) -> dict[str, Any]:
        if is_abstract_type(type):
            possible = sorted(self._schema.get_possible_types(type), key=lambda each: each.name)
            type = possible[number % len(possible)]
        found: dict[str, Any] = {}
        for node in self._fields(type, selections):
            if node.name.value == "__typename":
                found[_key(node)] = type.name
            else:
                declared = type.fields[node.name.value].type
                found[_key(node)] = self._value(declared, node, number)
        return found

    def _fields(self, type: GraphQLObjectType, selections: SelectionSetNode) -> Iterator[FieldNode]:
        for node in selections.selections:
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode) and self._meets(type, node):
                yield from self._fields(type, node.selection_set)

    def _meets(self, type: GraphQLObjectType, node: InlineFragmentNode) -> bool:
        condition = node.type_condition
        names = {type.name, *(each.name for each in type.interfaces)}
        return condition is None or condition.name.value in names

    def _value(self, type: Any, node: FieldNode, number: int) -> Any:
        match type:
            case GraphQLNonNull():
                return self._value(type.of_type, node, number)
            case GraphQLList():
                return [self._value(type.of_type, node, each) for each in range(_ITEMS)]
            case GraphQLEnumType():
                return next(iter(type.values))
            case _ if node.selection_set is not None:
                return self._object(type, node.selection_set, number)
            case _:
                return _VALUES.get(type.name, f"{node.name.value} {number}")


def _key(node: FieldNode) -> str:
    return node.alias.value if node.alias is not None else node.name.value


if __name__ == "__main__":
    main()
