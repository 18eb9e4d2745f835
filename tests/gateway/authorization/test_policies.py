"""Policies decide with what is known of the caller, the arguments and the object."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from gateway.authorization.policies import InvalidPolicies, Policies, Question, load_policies
from gateway.executor.delivery import Increment
from gateway.pipeline import FirstPart
from kit.principal import Principal
from tests.support.guarded import Guarded, a_caller, denied
from tests.support.running_subgraph import Subgraph, by

DESK = """
    type Query {
      papers: [Paper!]!
      folder: Folder
      open(door: String!, times: Int = 1): String @policy(policies: [["of-door"]])
      sign: String @policy(policies: [["of-caller"]])
      safe: Safe
    }
    type Mutation {
      shred(id: ID!): String @policy(policies: [["of-door"]])
      file: Paper
    }
    type Subscription { filed: Paper }
    interface Item { id: ID! }
    type Folder @key(fields: "id") { id: ID! items: [Item!]! }
    type Paper implements Item @key(fields: "id") {
      id: ID!
      title: String
      text(page: Int = 1): String @policy(policies: [["of-paper"]])
      stamp: String! @policy(policies: [["of-paper", "of-caller"], ["of-door"]])
      ghost: String @policy(policies: [["nobody-decides"]])
      cover: Cover @policy(policies: [["of-paper"]])
    }
    type Clip implements Item @key(fields: "id") { id: ID! }
    type Cover @key(fields: "number") { number: Int! }
    type Safe { gold: Int @policy(policies: [["of-door"]]) }
"""
PRESS = """
    type Paper @key(fields: "id") {
      id: ID!
      price: Int @policy(policies: [["of-paper"]])
      copies: Int
    }
    type Cover @key(fields: "number") { number: Int! colour: String }
"""
PAPERS: list[dict[str, Any]] = [
    {
        "__typename": "Paper",
        "id": id,
        "title": f"T{id}",
        "stamp": f"S{id}",
        "ghost": "boo",
        "cover": {"number": number},
    }
    for number, id in enumerate(["a", "b", "c"])
]
PRINTED = [{"id": each["id"], "price": 7, "copies": 3} for each in PAPERS]


class Judges:
    """Policies that say yes to what is in `yes`, and keep what they were asked."""

    def __init__(self, *yes: object) -> None:
        self.asked: list[tuple[str, list[Any]]] = []
        self.policies = Policies()
        self.yes = set(yes)
        self.policies.of_objects("of-paper")(self.of_paper)
        self.policies.of_objects("of-door")(self.of_door)
        self.policies.of_caller("of-caller")(self.of_caller)

    async def of_paper(self, caller: Principal | None, asked: Sequence[Question]) -> list[bool]:
        self.asked.append(("of-paper", [each.keys["id"] for each in asked]))
        return [each.keys["id"] in self.yes for each in asked]

    async def of_door(self, caller: Principal | None, asked: Sequence[Question]) -> list[bool]:
        self.asked.append(("of-door", [dict(each.arguments) for each in asked]))
        return [bool(self.yes & {str(each) for each in each.arguments.values()}) for each in asked]

    async def of_caller(self, caller: Principal | None) -> bool:
        self.asked.append(("of-caller", [caller]))
        return caller is not None and caller.kind in self.yes


async def filed() -> Any:
    for paper in PAPERS:
        yield paper


def an_office(judges: Judges, **told: Any) -> Guarded:
    text = {"text": lambda source, page: f"{source['id']}{page}"}
    return Guarded(
        {
            "desk": Subgraph(
                DESK,
                {
                    "Query": {
                        "papers": PAPERS,
                        "folder": {
                            "id": "f",
                            "items": [{"__typename": "Clip", "id": "a"}, *PAPERS],
                        },
                        "open": lambda _, door, times: f"{door}{times}",
                        "sign": "here",
                        "safe": {"gold": 5},
                    },
                    "Mutation": {"shred": lambda _, id: id, "file": PAPERS[1]},
                    "Subscription": {"filed": filed},
                    "Paper": text,
                },
                {"Paper": by("id", PAPERS)},
            ),
            "press": Subgraph(
                PRESS,
                {"Cover": {"colour": "red"}},
                {"Paper": by("id", PRINTED)},
            ),
        },
        judges.policies,
        **told,
    )


async def test_objects_are_asked_about_together_and_each_has_its_own_answer() -> None:
    judges = Judges("a", "c")
    office = an_office(judges)

    answer = await office.answer("{ papers { title text } }")

    assert answer.data == {
        "papers": [
            {"title": "Ta", "text": "a1"},
            {"title": "Tb", "text": None},
            {"title": "Tc", "text": "c1"},
        ]
    }
    assert denied(answer) == [("Paper.text", "papers.1.text")]
    assert judges.asked == [("of-paper", ["a", "b", "c"])]
    assert answer.errors[0]["extensions"] == {
        "code": "FORBIDDEN_FIELD",
        "coordinate": "Paper.text",
        "directive": "policy",
        "required": "of-paper",
        "missing": [["of-paper"]],
    }


async def test_what_is_fetched_by_a_known_key_is_asked_of_permitted_objects_only() -> None:
    office = an_office(Judges("b"))

    answer = await office.answer("{ papers { cost: price copies } }")

    assert [row["cost"] for row in (answer.data or {})["papers"]] == [None, 7, None]
    assert [row["copies"] for row in (answer.data or {})["papers"]] == [3, 3, 3]
    assert denied(answer) == [("Paper.price", "papers.0.cost"), ("Paper.price", "papers.2.cost")]
    assert office.resolved["press.Paper.price"] == 1
    assert office.resolved["press.Paper.copies"] == 3


async def test_a_request_for_nothing_but_what_is_denied_is_not_sent() -> None:
    office = an_office(Judges())

    answer = await office.answer("{ papers { price } }")

    assert answer.data == {"papers": [{"price": None}] * 3}
    assert [call.subgraph for call in office.calls] == ["desk"]


async def test_nothing_is_fetched_below_an_object_that_is_taken_away() -> None:
    office = an_office(Judges("a"))

    answer = await office.answer("{ papers { cover { number colour } } }")

    covers = [row["cover"] for row in (answer.data or {})["papers"]]
    assert covers == [{"number": 0, "colour": "red"}, None, None]
    assert office.resolved["press.Cover.colour"] == 1


async def test_a_policy_knows_the_arguments_as_they_are_coerced() -> None:
    judges = Judges("front")
    office = an_office(judges)

    text = 'query Q($d: String!, $n: Int) { a: open(door: $d, times: $n) b: open(door: "back") }'
    answer = await office.answer(text, None, d="front", n=2)

    assert answer.data == {"a": "front2", "b": None}
    assert judges.asked == [
        ("of-door", [{"door": "front", "times": 2}, {"door": "back", "times": 1}])
    ]
    assert "back" not in office.asked


async def test_a_decision_about_one_use_of_a_field_is_none_about_another() -> None:
    office = an_office(Judges("front"))

    answer = await office.answer('{ a: open(door: "front") b: open(door: "back") }')
    again = await office.answer('{ a: open(door: "back") b: open(door: "front") }')

    assert answer.data == {"a": "front1", "b": None}
    assert again.data == {"a": None, "b": "front1"}


async def test_the_values_of_one_request_do_not_decide_for_the_next() -> None:
    office = an_office(Judges("front"))
    text = "query Q($d: String!) { open(door: $d) }"

    answers = [await office.answer(text, None, d=door) for door in ("front", "back", "front")]

    assert [answer.data for answer in answers] == [
        {"open": "front1"},
        {"open": None},
        {"open": "front1"},
    ]


async def test_a_policy_about_callers_is_asked_once_before_anything_is_sent() -> None:
    judges = Judges("STAFF")
    office = an_office(judges)

    answer = await office.answer("{ sign other: sign }", a_caller())

    assert answer.data == {"sign": None, "other": None}
    assert [name for name, _ in judges.asked] == ["of-caller"]
    assert office.calls == []


@pytest.mark.parametrize(
    ("yes", "staff", "missing"),
    [
        (("a", "b", "c", "STAFF"), True, None),
        (("a", "b", "c", "STAFF"), False, [["of-caller"], ["of-door"]]),
        (("STAFF",), True, [["of-paper"], ["of-door"]]),
        ((), False, [["of-caller", "of-paper"], ["of-door"]]),
    ],
)
async def test_one_alternative_must_be_granted_whole(
    yes: tuple[str, ...], staff: bool, missing: list[list[str]] | None
) -> None:
    office = an_office(Judges(*yes))
    caller = a_caller(kind="STAFF" if staff else "CUSTOMER")  # type: ignore[arg-type]

    answer = await office.answer("{ papers { stamp } }", caller)

    assert (answer.data is not None) is (missing is None)
    assert all(error["extensions"]["missing"] == missing for error in answer.errors)


async def test_of_a_mixed_list_the_policy_hears_of_its_type_only() -> None:
    judges = Judges("a")
    office = an_office(judges)

    answer = await office.answer("{ folder { items { id ... on Paper { text } } } }")

    assert (answer.data or {})["folder"]["items"][:3] == [
        {"id": "a"},
        {"id": "a", "text": "a1"},
        {"id": "b", "text": None},
    ]
    assert judges.asked == [("of-paper", ["a", "b", "c"])]


async def test_an_object_without_a_key_is_decided_before_it_is_fetched() -> None:
    judges = Judges()
    office = an_office(judges)

    answer = await office.answer("{ safe { gold } }")

    assert answer.data == {"safe": {"gold": None}}
    assert judges.asked == [("of-door", [{}])]
    assert "gold" not in office.asked


async def test_of_a_mutation_that_a_policy_denies_nothing_is_sent() -> None:
    office = an_office(Judges("a"))

    answer = await office.answer('mutation { file { id } one: shred(id: "a") two: shred(id: "b") }')

    assert answer.data is None
    assert denied(answer) == [("Mutation.shred", "two")]
    assert office.calls == []


async def test_policies_are_asked_anew_for_each_event() -> None:
    judges = Judges("b")
    office = an_office(judges)

    frames = await office.frames("subscription { filed { id text } }")

    assert [frame.data for frame in frames] == [  # type: ignore[union-attr]
        {"filed": {"id": "a", "text": None}},
        {"filed": {"id": "b", "text": "b1"}},
        {"filed": {"id": "c", "text": None}},
    ]
    assert judges.asked == [("of-paper", ["a"]), ("of-paper", ["b"]), ("of-paper", ["c"])]


async def test_a_deferred_field_is_denied_in_its_own_part() -> None:
    office = an_office(Judges("a"))

    first, *later = await office.frames("{ papers { id ... @defer { text } } }")

    assert isinstance(first, FirstPart)
    assert first.result.errors is None
    increments = [each for frame in later for each in frame if isinstance(each, Increment)]  # type: ignore[union-attr]
    assert [each.data for each in increments] == [{"text": "a1"}, {"text": None}, {"text": None}]
    assert [len(each.errors) for each in increments] == [0, 1, 1]


async def test_where_denials_reject_a_policy_takes_the_whole_answer() -> None:
    office = an_office(Judges("a", "b"), authorization="reject")

    rejected = await office.answer("{ papers { title text } }")
    allowed = await office.answer("{ papers { title } }")

    assert rejected.data is None
    assert denied(rejected) == [("Paper.text", "papers.2.text")]
    assert allowed.errors == []


async def test_where_denials_reject_a_policy_takes_the_deferred_part() -> None:
    office = an_office(Judges("a"), authorization="reject")

    _, *later = await office.frames("{ papers { id ... @defer { title text } } }")

    increments = [each for frame in later for each in frame if isinstance(each, Increment)]  # type: ignore[union-attr]
    assert [each.data for each in increments] == [{"title": "Ta", "text": "a1"}, None, None]


class Failing(Judges):
    """One of many ways not to say yes."""

    def __init__(self, way: str) -> None:
        super().__init__()
        self.way = way

    async def of_paper(self, caller: Principal | None, asked: Sequence[Question]) -> Any:
        match self.way:
            case "raises":
                raise RuntimeError("no")
            case "cancels":
                raise asyncio.CancelledError
            case "hangs":
                return await asyncio.Event().wait()
            case "too few":
                return [True] * (len(asked) - 1)
            case "no bools":
                return [1] * len(asked)
            case "text":
                return "yes"[: len(asked)]
            case _:
                return None


@pytest.mark.parametrize(
    "way", ["raises", "cancels", "hangs", "too few", "no bools", "text", "nothing"]
)
async def test_a_policy_that_fails_has_said_no(way: str) -> None:
    office = an_office(Failing(way), policy_timeout=0.05)

    answer = await office.answer("{ papers { text copies } }")

    assert answer.data == {"papers": [{"text": None, "copies": 3}] * 3}
    assert len(denied(answer)) == 3


async def test_a_policy_that_is_no_coroutine_has_said_no() -> None:
    policies = Policies()
    policies.of_caller("of-caller")(lambda caller: True)  # type: ignore[arg-type, return-value]
    judges = Judges()
    judges.policies = policies

    answer = await an_office(judges).answer("{ sign }")

    assert answer.data == {"sign": None}


async def test_what_no_policy_decides_is_closed_and_never_fetched() -> None:
    office = an_office(Judges("a", "b", "c"))

    answer = await office.answer("{ papers { ghost } }")

    assert answer.data == {"papers": [{"ghost": None}] * 3}
    assert "ghost" not in office.asked


def test_a_name_has_one_policy() -> None:
    policies = Policies()
    policies.of_caller("one")(Judges().of_caller)

    with pytest.raises(ValueError, match="'one'"):
        policies.of_objects("one")(Judges().of_paper)


def test_the_policies_of_a_module_are_its_policies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "some_policies.py").write_text(
        "from gateway.authorization.policies import Policies\n"
        "policies = Policies()\n"
        "@policies.of_caller('open')\n"
        "async def is_open(caller): return True\n"
    )
    monkeypatch.syspath_prepend(tmp_path)

    assert load_policies("some_policies").names == {"open"}


@pytest.mark.parametrize("module", ["no_such_module", "tests.support.guarded"])
def test_a_module_without_policies_is_refused(module: str) -> None:
    with pytest.raises(InvalidPolicies, match=module):
        load_policies(module)
