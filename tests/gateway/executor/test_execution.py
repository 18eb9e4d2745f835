"""Plans run over subgraphs that answer by script."""

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson
import pytest

from gateway.errors import SubgraphTimeout, SubgraphUnavailable
from gateway.transport.request import SubgraphRequest
from tests.support.subgraphs import Answer, Scripted, data, entities, run

BOOK = {"__typename": "Book", "id": "b"}
FILM = {"__typename": "Film", "id": "f"}


def a_product(id: str, **fields: Any) -> dict[str, Any]:
    return {"__typename": "Product", "id": id, **fields}


def error(message: str, path: list[Any] | None = None, code: str = "X") -> dict[str, Any]:
    return {"message": message, "path": path, "extensions": {"code": code}}


async def test_entities_are_asked_for_by_their_keys_and_merged_in_place() -> None:
    catalog = Scripted([data(products=[a_product("1", cost=5), a_product("2", cost=9)])])
    pricing = Scripted([entities({"isExpensive": False}, {"isExpensive": True})])

    result = await run(
        "requires",
        "{ products { isExpensive cost: price } }",
        {"catalog": catalog, "pricing": pricing},
    )

    assert result.errors == []
    assert result.data == {
        "products": [{"isExpensive": False, "cost": 5}, {"isExpensive": True, "cost": 9}]
    }
    assert pricing.requests[0].variables["r0"] == [
        {"__typename": "Product", "id": "1", "price": 5},
        {"__typename": "Product", "id": "2", "price": 9},
    ]


async def test_equal_representations_are_sent_once() -> None:
    catalog = Scripted([data(products=[a_product("1"), a_product("2"), a_product("1")])])
    discounts = Scripted([entities({"hasDiscount": True}, {"hasDiscount": False})])

    result = await run(
        "requires",
        "{ products { hasDiscount } }",
        {"catalog": catalog, "discounts": discounts},
    )

    assert len(discounts.requests[0].variables["r0"]) == 2
    assert result.data is not None
    assert [each["hasDiscount"] for each in result.data["products"]] == [True, False, True]


@pytest.mark.parametrize(
    "products",
    [
        [],
        [a_product("1") | {"id": None}],
        [{"id": "1"}],
        [{"id": "1", "__typename": ["Product"]}],
        [a_product("1") | {"id": orjson.loads("[" * 300 + "]" * 300)}],
    ],
)
async def test_without_a_name_no_subgraph_is_asked(products: list[Any]) -> None:
    discounts = Scripted([])

    await run(
        "requires",
        "{ products { hasDiscount } }",
        {"catalog": Scripted([data(products=products)]), "discounts": discounts},
    )

    assert discounts.requests == []


async def test_a_required_null_is_sent() -> None:
    shipping = Scripted([data(featured=a_product("1")), entities({"shipping": 3})])
    catalog = Scripted([entities({"dimensions": None})])

    result = await run(
        "requires", "{ featured { shipping } }", {"shipping": shipping, "catalog": catalog}
    )

    assert result.data == {"featured": {"shipping": 3}}
    assert shipping.requests[1].variables["r0"][0]["dimensions"] is None


async def test_what_requires_a_failed_field_is_not_asked_for_and_says_why() -> None:
    shipping = Scripted([data(featured=a_product("1"))])
    catalog = Scripted([SubgraphUnavailable("catalog", "down")])

    result = await run(
        "requires", "{ featured { shipping } }", {"shipping": shipping, "catalog": catalog}
    )

    assert result.data == {"featured": {"shipping": None}}
    assert [(each["path"], each["extensions"]["service"]) for each in result.errors] == [
        (["featured", "shipping"], "catalog")
    ]


async def test_a_failed_subgraph_costs_its_own_fields_with_one_error_each() -> None:
    people = [{"__typename": "User", "id": "1"}, {"__typename": "Bot", "id": "2"}]
    users = Scripted([data(users=[each | {"name": "N"} for each in people])])
    notes = Scripted([SubgraphTimeout("notes", "slow")])

    result = await run(
        "interface_object", "{ users { name note } }", {"users": users, "notes": notes}
    )

    assert result.data == {"users": [{"name": "N", "note": None}] * 2}
    assert result.errors == [
        {
            "message": "This service did not answer in time.",
            "path": ["users", at, "note"],
            "extensions": {"code": "SUBGRAPH_TIMEOUT", "service": "notes"},
        }
        for at in (0, 1)
    ]


async def test_a_failed_root_field_leaves_its_neighbours() -> None:
    b = Scripted([SubgraphUnavailable("b", "down")])
    a = Scripted([data(add=1)])

    result = await run("roots", "mutation { add(n: 1) multiply(n: 2) }", {"a": a, "b": b})

    assert result.data == {"add": 1, "multiply": None}
    assert [each["path"] for each in result.errors] == [["multiply"]]


@pytest.mark.parametrize(
    "answer",
    [
        {"data": {"_entities": [None]}},
        {"data": {"_entities": None}},
        {"data": {"_entities": {}}},
        {"data": {}},
        {"data": None, "errors": [error("broken")]},
    ],
)
async def test_a_wrong_answer_about_entities_costs_those_fields_only(answer: Answer) -> None:
    people = [{"__typename": "User", "id": "1"}, {"__typename": "User", "id": "2"}]
    users = Scripted([data(users=people)])

    result = await run(
        "interface_object", "{ users { id note } }", {"users": users, "notes": Scripted([answer])}
    )

    assert result.data == {"users": [{"id": "1", "note": None}, {"id": "2", "note": None}]}
    assert {tuple(each["path"]) for each in result.errors} == {
        ("users", 0, "note"),
        ("users", 1, "note"),
    }


async def test_who_is_unknown_to_a_subgraph_has_nulls_and_no_errors() -> None:
    users = Scripted([data(users=[{"__typename": "User", "id": "1"}])])

    result = await run(
        "interface_object",
        "{ users { id note } }",
        {"users": users, "notes": Scripted([entities(None)])},
    )

    assert result.data == {"users": [{"id": "1", "note": None}]}
    assert result.errors == []


async def test_an_entitys_error_is_moved_to_where_the_client_asked() -> None:
    users = Scripted([data(users=[{"__typename": "User", "id": "1"}])])
    answer = {
        "data": {"_entities": [{"note": None}]},
        "errors": [error("The note is secret.", ["_entities", 0, "note"])],
    }

    result = await run(
        "interface_object",
        "{ users { remark: note } }",
        {"users": users, "notes": Scripted([_renamed(answer)])},
    )

    [found] = result.errors
    assert found["path"] == ["users", 0, "remark"]
    assert "secret" not in found["message"]


def _renamed(answer: dict[str, Any]) -> dict[str, Any]:
    answer["data"]["_entities"][0] = {"remark": None}
    answer["errors"][0]["path"][-1] = "remark"
    return answer


async def test_a_message_is_shown_when_its_code_says_so() -> None:
    answer = {"data": {"clock": None}, "errors": [error("Too big.", ["clock"], "BAD_USER_INPUT")]}

    result = await run("roots", "{ clock }", {"a": Scripted([answer])})

    assert result.errors == [
        {
            "message": "Too big.",
            "path": ["clock"],
            "extensions": {"code": "BAD_USER_INPUT", "service": "a"},
        }
    ]


async def test_a_null_is_explained_once_however_far_it_rose() -> None:
    answer = {
        "data": {"feed": None},
        "errors": [error("no", ["feed", 0, "id"]), error("no", ["feed", 1, "id"])],
    }

    result = await run("roots", "{ feed { id } }", {"a": Scripted([answer]), "b": Scripted([])})

    assert result.data is None
    assert [each["path"] for each in result.errors] == [["feed", 0, "id"]]


async def test_requests_that_do_not_wait_for_each_other_run_at_once() -> None:
    both = asyncio.Barrier(2)

    def meeting(answer: Answer) -> Any:
        async def send(request: SubgraphRequest) -> Mapping[str, Any]:
            await both.wait()
            return answer if isinstance(answer, Mapping) else {}

        return send

    shipping, pricing = Scripted([data(featured=a_product("1"))]), entities({"isExpensive": True})
    later = meeting(entities({"shipping": 1}))

    async def shipping_twice(request: SubgraphRequest) -> Mapping[str, Any]:
        return await (shipping if not shipping.requests else later)(request)

    result = await run(
        "requires",
        "{ featured { shipping isExpensive } }",
        {
            "shipping": shipping_twice,
            "catalog": Scripted([entities({"price": 1, "dimensions": None})]),
            "pricing": meeting(pricing),
        },
    )

    assert result.data == {"featured": {"shipping": 1, "isExpensive": True}}


async def test_variables_go_where_they_are_used() -> None:
    root = Scripted([data(product=a_product("7"))])
    link = Scripted([entities({"pid": "p7"})])
    price = Scripted([entities({"price": 3})])

    await run(
        "keys",
        "query ($id: ID!) { product(id: $id) { price } }",
        {"root": root, "link": link, "price": price},
        variables={"id": "7"},
    )

    assert root.requests[0].variables == {"id": "7"}
    assert set(link.requests[0].variables) == {"r0"}


async def test_hostile_keys_are_only_keys() -> None:
    hostile = {"__proto__": {"x": 1}, "constructor": 1, **a_product("1", name="N")}

    result = await run(
        "requires", "{ products { name } }", {"catalog": Scripted([data(products=[hostile])])}
    )

    assert result.data == {"products": [{"name": "N"}]}
