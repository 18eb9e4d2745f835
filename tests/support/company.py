"""A company's subgraphs, with every way to protect something, and canaries behind the rules.

What only some may see holds a canary: a text that begins with "secret", or a number from 9000 to
9999. An answer that nobody was entitled to read more of has none of them, wherever one looks.
"""

from collections.abc import Mapping
from typing import Any, Final

from tests.support.running_subgraph import Subgraph, by

#: The scopes that the company asks for.
PAY: Final = "invoice:read"
REPORT: Final = "report:export"
CASE: Final = "staff:case"
FINANCE: Final = "staff:finance"
EVERYTHING: Final = (PAY, REPORT, CASE, FINANCE)

_OWN_ROOT: Final = """
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key",
      "@shareable", "@external", "@requires", "@override", "@authenticated", "@requiresScopes"])
"""
_OLD: Final = """
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key",
      "@external", "@authenticated", "@requiresScopes"])
"""

_PEOPLE: Final = """
    type Query {
      people: [Person!]!
      person(id: ID!): Person
      staff: [Employee!]! @authenticated
      guests: [Guest!]!
      findings: [Finding!]!
      vault: Vault
      vaults: [Vault!]!
      diary: Diary!
      mood: Mood
      code: Code
      codes: [Code!]!
      ranked(by: Rank): [Person!]!
      sealed(with: [Seal!]): Int
      found(filter: Filter): Int
      time: Int!
      judged: Judged
      machine: Machine @tag(name: "internal")
      counted(from: Int, raw: Boolean @tag(name: "internal")): Int
      tone: Tone
    }
    type Machine @tag(name: "internal") { serial: String }
    enum Tone { LOUD QUIET HIDDEN @tag(name: "internal") }
    type Judged {
      open: String @policy(policies: [["open"]])
      closed: String @policy(policies: [["closed"]])
      slow: String @policy(policies: [["slow"]])
      broken: String @policy(policies: [["broken"]])
      garbage: String @policy(policies: [["garbage"]])
      unknown: String @policy(policies: [["unknown"]])
      both: String @policy(policies: [["open", "closed"], ["unknown"]])
      either: String @policy(policies: [["closed"], ["open"]])
      scoped: String @policy(policies: [["open"]]) @requiresScopes(scopes: [["staff:case"]])
    }
    type Mutation {
      hire(name: String!): Employee
      pay(id: ID!): Employee @requiresScopes(scopes: [["invoice:read"]])
      open: Vault
      greet: String
    }
    interface Person @key(fields: "id") { id: ID! name: String! email: String boss: Person }
    type Guest implements Person @key(fields: "id") {
      id: ID! name: String! email: String boss: Person
      phone: String @shareable
      badge: String
      broken: String
    }
    type Employee implements Person @key(fields: "id") @key(fields: "number")
      @context(name: "employee") {
      id: ID! name: String! boss: Person
      number: String! @requiresScopes(scopes: [["staff:case"]])
      broken: String @requiresScopes(scopes: [["staff:case"]])
      email: String @authenticated
      salary: Int @requiresScopes(scopes: [["invoice:read"]])
      grade: Int @requiresScopes(scopes: [["invoice:read", "report:export"], ["staff:finance"]])
      badge: String! @requiresScopes(scopes: [["staff:case"]])
      desk: String @requiresScopes(scopes: [["staff:case"]])
      review: String @policy(policies: [["own"]])
      appraisal: String @policy(policies: [["few"]])
      payslip: Payslip
      ratings: [Rating!]!
    }
    type Rating { stars: Int! by: String! @requiresScopes(scopes: [["staff:case"]]) }
    type Payslip @key(fields: "id") {
      id: ID!
      line(sum: Int @fromContext(field: "$employee { salary }")): String
        @requiresScopes(scopes: [["invoice:read"]])
      note: String
    }
    union Finding = Guest | Note | Secret
    type Note { text: String tag: String }
    type Secret @requiresScopes(scopes: [["staff:finance"]]) { text: String tag: String }
    type Vault @requiresScopes(scopes: [["staff:finance"]]) { id: ID! gold: Int }
    type Diary { page: String! @requiresScopes(scopes: [["staff:case"]]) cover: String }
    enum Mood @authenticated { CALM WILD }
    enum Rank @requiresScopes(scopes: [["invoice:read"]]) { SALARY }
    scalar Code @requiresScopes(scopes: [["staff:case"]])
    scalar Seal @requiresScopes(scopes: [["staff:case"]])
    input Filter { name: String rank: Rank deeper: Filter seals: [Seal!] }
"""
_PAY: Final = """
    schema { query: Root }
    type Employee @key(fields: "number") {
      number: String!
      salary: Int @external
      bonus: Int @requires(fields: "salary") @requiresScopes(scopes: [["invoice:read"]])
      account: String @authenticated
      desk: String @override(from: "people") @requiresScopes(scopes: [["staff:case"]])
    }
    type Guest @key(fields: "id") { id: ID! phone: String @shareable @authenticated }
    type Root { payday: String @requiresScopes(scopes: [["invoice:read"]]) holiday: String }
"""
_RATINGS: Final = """
    type Person @key(fields: "id") @federation__interfaceObject {
      id: ID!
      rating: Int @requiresScopes(scopes: [["staff:case"]])
      likes: Int
      friend: Person
    }
"""

_ROWS: Final[list[dict[str, Any]]] = [
    {"__typename": "Guest", "id": "g1", "name": "Gil", "email": "gil@x", "badge": "visitor"},
    {"__typename": "Employee", "id": "e1", "name": "Ada", "email": "secret-mail-1"},
    {"__typename": "Guest", "id": "g2", "name": "Gus", "email": "gus@x", "badge": None},
    {"__typename": "Employee", "id": "e2", "name": "Bob", "email": "secret-mail-2"},
]
for _number, _row in enumerate(_ROWS):
    _row |= {"phone": f"secret-phone-{_number}", "boss": _ROWS[1] if _number != 1 else None}
    if _row["__typename"] == "Employee":
        _row |= {
            "salary": 9000 + _number,
            "number": f"secret-number-{_number}",
            "grade": 9100 + _number,
            "badge": f"secret-badge-{_number}",
            "desk": f"secret-desk-{_number}",
            "payslip": {"id": f"p{_number}", "note": "plain"},
            "review": f"secret-review-{_number}",
            "appraisal": f"secret-appraisal-{_number}",
            "ratings": [{"stars": 5, "by": "secret-critic"}],
            "bonus": 9200 + _number,
            "account": f"secret-account-{_number}",
        }
_JUDGED: Final = (
    *("open", "closed", "slow", "broken", "garbage", "unknown", "both", "either", "scoped"),
)
_EMPLOYEES: Final = [row for row in _ROWS if row["__typename"] == "Employee"]
_GUESTS: Final = [row for row in _ROWS if row["__typename"] == "Guest"]
_VAULT: Final = {"id": "secret-vault", "gold": 9999}
_FINDINGS: Final = [
    _GUESTS[0],
    {"__typename": "Secret", "text": "secret-text", "tag": "secret-tag"},
    {"__typename": "Note", "text": "plain", "tag": "note"},
]


def _person(_: Any, id: str) -> Mapping[str, Any] | None:
    return next((row for row in _ROWS if row["id"] == id), None)


def _broken(_: Any) -> str:
    raise LookupError("select secret from salaries at secret-host:5432")


def _found(_: Any, filter: Mapping[str, Any] | None = None) -> int:
    return 1 if filter is None else 2


#: The subgraphs, by name.
COMPANY: Final = {
    "people": Subgraph(
        _PEOPLE,
        resolvers={
            "Query": {
                "people": _ROWS,
                "person": _person,
                "staff": _EMPLOYEES,
                "guests": _GUESTS,
                "findings": _FINDINGS,
                "vault": _VAULT,
                "vaults": [_VAULT],
                "diary": {"page": "secret-page", "cover": "plain"},
                "mood": "WILD",
                "code": "secret-code",
                "codes": ["secret-code"],
                "ranked": lambda _, by=None: _ROWS,
                "sealed": lambda _, **arguments: len(arguments),
                "found": _found,
                "time": 12,
                "judged": {name: f"secret-{name}" for name in _JUDGED},
                "machine": {"serial": "secret-serial"},
                "counted": 1,
                "tone": "LOUD",
            },
            "Mutation": {
                "hire": lambda _, name: _EMPLOYEES[0],
                "pay": lambda _, id: _EMPLOYEES[0],
                "open": _VAULT,
                "greet": "hello",
            },
            "Guest": {"broken": _broken},
            "Employee": {"broken": _broken},
            "Payslip": {"line": lambda _, **given: f"secret-line-{given}"},
        },
        references={
            "Employee": by("id", _EMPLOYEES),
            "Guest": by("id", _GUESTS),
            "Person": by("id", _ROWS),
        },
    ),
    "pay": Subgraph(
        _PAY,
        resolvers={"Root": {"payday": "secret-day", "holiday": "Sunday"}},
        references={"Employee": by("number", _EMPLOYEES), "Guest": by("id", _GUESTS)},
        link=_OWN_ROOT,
    ),
    "ratings": Subgraph(
        _RATINGS,
        references={
            "Person": lambda named: {
                **named,
                "rating": 9300,
                "likes": 3,
                "friend": {"__typename": "Person", "id": "e1"},
            }
        },
        link=_OLD,
    ),
}
