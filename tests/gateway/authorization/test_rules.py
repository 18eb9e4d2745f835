"""Who may see which field."""

import pytest

from gateway.authorization.coordinates import coordinates
from gateway.authorization.denial import Denial
from gateway.authorization.filter import permitted
from gateway.authorization.rules import Audience, Authorization
from gateway.operation.model import Field, Selection
from gateway.supergraph.reader import read_supergraph
from tests.support.plans import operation_of

SUPERGRAPH = read_supergraph("""
schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/authenticated/v0.1", for: SECURITY)
  @link(url: "https://specs.apollo.dev/requiresScopes/v0.1", for: SECURITY)
  @link(url: "https://specs.apollo.dev/policy/v0.1", for: SECURITY)
{ query: Query }
enum join__Graph { A @join__graph(name: "a", url: "http://a") }
type Query @join__type(graph: A) {
  people: [Person!]!
  staff: Staff @authenticated
  vault: Vault
  judged: Int @policy(policies: [["p"]])
}
interface Person @join__type(graph: A) { name: String email: String salary: Int }
type Guest implements Person @join__type(graph: A) @join__implements(graph: A, interface: "Person")
  { name: String email: String salary: Int }
type Staff implements Person @join__type(graph: A) @join__implements(graph: A, interface: "Person")
  { name: String
    email: String @authenticated
    salary: Int @requiresScopes(scopes: [["pay:read", "staff:read"], ["admin"]]) }
type Vault @join__type(graph: A) @requiresScopes(scopes: [["admin"]]) { gold: Int }
""")
SCHEMA = SUPERGRAPH.api_schema
RULES = Authorization(SUPERGRAPH)

NOBODY = Audience(authenticated=False)
SOMEBODY = Audience(authenticated=True)


def audience(*scopes: str) -> Audience:
    return Audience(authenticated=True, scopes=frozenset(scopes))


def left(text: str, who: Audience) -> str:
    operation = permitted(operation_of(text, SCHEMA), SCHEMA, RULES.denials(who))
    return written(operation.selections)


def written(selections: tuple[Selection, ...]) -> str:
    parts = []
    for each in selections:
        below = f"{{{written(each.selections)}}}" if each.selections else ""
        parts.append((each.key if isinstance(each, Field) else f"...{each.type}") + below)
    return " ".join(parts)


@pytest.mark.parametrize(
    ("who", "may"),
    [
        (NOBODY, False),
        (SOMEBODY, False),
        (audience("pay:read"), False),
        (audience("staff:read", "pay:read"), True),
        (audience("admin"), True),
        (Audience(authenticated=False, scopes=frozenset({"admin"})), True),
    ],
)
def test_one_alternative_of_scopes_is_needed_and_all_scopes_of_it(who: Audience, may: bool) -> None:
    assert (("Staff", "salary") not in RULES.denials(who)) is may


def test_a_denial_names_the_rule() -> None:
    denial = RULES.denials(SOMEBODY)["Staff", "salary"]

    assert denial == Denial(
        "Staff.salary",
        "requiresScopes",
        "pay:read and staff:read or admin",
        (("pay:read", "staff:read"), ("admin",)),
    )


def test_a_denial_says_what_is_missing_of_each_alternative() -> None:
    denial = RULES.denials(audience("pay:read"))["Staff", "salary"]

    assert denial.missing == (("staff:read",), ("admin",))


def test_a_types_rule_guards_every_way_to_it_and_all_in_it() -> None:
    denials = RULES.denials(SOMEBODY)

    assert denials["Query", "vault"].coordinate == "Vault"
    assert denials["Vault", "gold"].coordinate == "Vault"


def test_a_policy_nobody_decides_is_closed() -> None:
    assert ("Query", "judged") in RULES.denials(audience("admin"))


@pytest.mark.parametrize(
    ("text", "who", "expected"),
    [
        ("{ people { name } staff { name } }", NOBODY, "people{name}"),
        ("{ people { name email } }", NOBODY, "people{name ...Guest{email} __typename}"),
        (
            "{ people { ... on Staff { x: email name } } }",
            NOBODY,
            "people{...Staff{name} __typename}",
        ),
        ("{ people { ... on Staff { email } } }", NOBODY, "people{__typename}"),
        ("{ staff { email salary } }", SOMEBODY, "staff{email}"),
        ("{ staff { email salary } }", audience("admin"), "staff{email salary}"),
    ],
)
def test_denied_fields_are_not_planned(text: str, who: Audience, expected: str) -> None:
    assert left(text, who) == expected


def test_an_operation_touches_the_types_behind_an_interface() -> None:
    operation = operation_of("{ people { email } }", SCHEMA)

    assert coordinates(operation, SCHEMA) == {
        ("Query", "people"),
        ("Guest", "email"),
        ("Staff", "email"),
    }
