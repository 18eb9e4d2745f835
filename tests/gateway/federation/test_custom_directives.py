"""Directives of the subgraphs' own that clients may write on a selection go with it.

A field that the gateway needs for itself is not the one that a client has marked.
"""

from textwrap import dedent

from tests.support.federation import Federation, Subgraph

_DIRECTIVES = """
    directive @shout(times: Int = 1) on FIELD
    directive @hint(text: String!) on QUERY
"""
NEWS = f"""
    {_DIRECTIVES}
    directive @draft on FIELD
    type Query {{ story: Story }}
    type Story @key(fields: "id") {{ id: ID! title: String }}
"""
SCORES = f"""
    {_DIRECTIVES}
    type Story @key(fields: "id") {{
      id: ID!
      score: Int
      title: String @external
      label: String @requires(fields: "title")
    }}
"""


def a_paper() -> Federation:
    return Federation(
        {
            "news": Subgraph(NEWS, {"Query": {"story": {"id": "1", "title": "Rain"}}}),
            "scores": Subgraph(
                SCORES, {"Story": {"score": 9, "label": lambda story: f"*{story['title']}"}}
            ),
        }
    )


async def test_a_directive_goes_with_its_field() -> None:
    paper = a_paper()

    answer = await paper.answer(
        "query ($n: Int) { story { title @shout(times: $n) score @shout } }", {"n": 2}
    )

    assert answer.data == {"story": {"title": "Rain", "score": 9}}
    assert "title@shout(times:$n)" in paper.calls[0].document.replace(" ", "")
    assert "score@shout" in paper.calls[1].document.replace(" ", "")


async def test_a_directive_of_the_operation_goes_with_each_request() -> None:
    paper = a_paper()

    await paper.answer('query @hint(text: "x") { story { score } }')

    assert ["@hint" in call.document for call in paper.calls] == [True, True]


async def test_a_marked_field_is_not_taken_for_the_required_one() -> None:
    paper = a_paper()

    answer = await paper.answer("{ story { marked: title @shout label } }")

    assert answer.data == {"story": {"marked": "Rain", "label": "*Rain"}}
    assert paper.representations == [{"__typename": "Story", "id": "1", "title": "Rain"}]


async def test_a_directive_that_not_all_subgraphs_have_does_not_exist() -> None:
    paper = a_paper()

    answer = await paper.answer("{ story { title @draft } }")

    assert [code for code, _ in answer.faults] == ["GRAPHQL_VALIDATION_FAILED"]
    assert paper.asked == []


def test_conditions_are_the_gateways_to_decide() -> None:
    assert a_paper().plan("{ story { title @include(if: true) label @skip(if: true) } }") == dedent(
        """\
        #0 news
            {
              story {
                title
              }
            }"""
    )
