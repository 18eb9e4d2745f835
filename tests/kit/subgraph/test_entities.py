"""`_entities`: batched per type, and a bad representation costs its own item only."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Self, cast

import pytest
import strawberry

from kit.errors import NotFound
from kit.subgraph.entities import Key
from kit.subgraph.schema import Subgraph


@dataclass
class Context:
    """Remembers what was looked up."""

    loads: list[list[Key]] = field(default_factory=list)


@strawberry.federation.type(keys=["id", "tenantId number"])
class Book:
    """Known by id, or by number within a tenant."""

    id: strawberry.ID
    title: str

    @classmethod
    async def resolve_references(
        cls, info: strawberry.Info, keys: list[Key]
    ) -> Sequence[Self | Exception | None]:
        cast(Context, info.context).loads.append(keys)
        return [cls._of(key) for key in keys]

    @classmethod
    def _of(cls, key: Key) -> Self | Exception | None:
        match key.get("id"):
            case None:
                title = f"{key['tenant_id']}-{key['number']}"
                return cls(id=strawberry.ID(title), title=title)
            case "missing":
                return None
            case "refused":
                return NotFound()
            case id:
                return cls(id=id, title=f"Book {id}")


@strawberry.federation.type(keys=["id"])
class Broken:
    """Cannot be loaded."""

    id: strawberry.ID

    @classmethod
    async def resolve_references(
        cls, info: strawberry.Info, keys: list[Key]
    ) -> Sequence[Self | None]:
        raise RuntimeError("the password is hunter2")


@strawberry.type
class Plain:
    """No entity."""

    name: str


@strawberry.type
class Query:
    """Something to stand on."""

    @strawberry.field
    def plain(self) -> Plain:
        return Plain(name="plain")


SCHEMA = Subgraph(Query, types=[Book, Broken], max_entities=20)
ENTITIES = (
    "query ($r: [_Any!]!) { _entities(representations: $r) {"
    " __typename ... on Book { id title } ... on Broken { id } } }"
)


async def resolve(representations: list[Any], context: Context | None = None) -> Any:
    return await SCHEMA.execute(
        ENTITIES,
        variable_values={"r": representations},
        context_value=context or Context(),
    )


async def test_one_type_is_looked_up_once_and_answers_stay_in_order() -> None:
    context = Context()

    result = await resolve(
        [{"__typename": "Book", "id": id} for id in ("1", "missing", "2", "1")], context
    )

    assert result.errors is None
    titles = [found and found["title"] for found in result.data["_entities"]]
    assert titles == ["Book 1", None, "Book 2", "Book 1"]
    assert context.loads == [[{"id": "1"}, {"id": "missing"}, {"id": "2"}, {"id": "1"}]]


async def test_camel_case_keys_arrive_in_pythons_spelling() -> None:
    result = await resolve([{"__typename": "Book", "tenantId": "t", "number": 7}])

    assert result.data["_entities"][0]["title"] == "t-7"


@pytest.mark.parametrize(
    "representation",
    [
        {"__typename": "Plain", "name": "x"},
        {"__typename": "Nothing"},
        {"__typename": "Query"},
        {"__typename": 3},
        {"id": "1"},
        {},
        "Book",
        [],
    ],
)
async def test_what_names_no_entity_costs_its_own_item(representation: Any) -> None:
    result = await resolve([{"__typename": "Book", "id": "1"}, representation])

    good, bad = result.data["_entities"]
    assert (good, bad) == ({"__typename": "Book", "id": "1", "title": "Book 1"}, None)
    assert result.errors[0].path == ["_entities", 1]
    assert result.errors[0].extensions == {"code": "BAD_REPRESENTATION"}


async def test_a_type_that_fails_costs_its_own_items_and_says_nothing_of_itself() -> None:
    result = await resolve([{"__typename": "Broken", "id": "1"}, {"__typename": "Book", "id": "1"}])

    assert result.data["_entities"] == [None, {"__typename": "Book", "id": "1", "title": "Book 1"}]
    assert [(error.message, error.path) for error in result.errors] == [
        ("Internal error.", ["_entities", 0])
    ]
    assert result.errors[0].extensions == {"code": "INTERNAL_SERVER_ERROR"}


async def test_a_refusal_keeps_its_code() -> None:
    result = await resolve([{"__typename": "Book", "id": "refused"}])

    assert result.errors[0].extensions == {"code": "NOT_FOUND"}


async def test_the_callers_variables_are_left_as_they_were() -> None:
    representations = [{"__typename": "Book", "id": "1"}]
    before = deepcopy(representations)

    await resolve(representations)
    await resolve(representations)

    assert representations == before


async def test_too_many_representations_are_refused_whole() -> None:
    result = await resolve([{"__typename": "Book", "id": "1"}] * 21)

    assert result.errors[0].extensions == {"code": "BAD_USER_INPUT"}
    assert result.data is None
