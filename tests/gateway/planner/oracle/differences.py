"""Operations whose plans cost more than Hive's, or that Hive does not plan: each has a reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tests.gateway.planner.oracle.comparison import Verdict


@dataclass(frozen=True, slots=True)
class Difference:
    """Operations of one federation that have this verdict, for whatever conditions."""

    federation: str
    verdict: Verdict
    operations: tuple[str, ...]
    reason: str


def explained(federation: str, verdict: Verdict) -> Iterator[str]:
    """The operations of a federation whose verdict has a reason."""
    for difference in DIFFERENCES:
        if (difference.federation, difference.verdict) == (federation, verdict):
            yield from difference.operations


DIFFERENCES: Final = (
    Difference(
        "articles",
        Verdict.WORSE,
        ("FeedAll",),
        "Hive asks two subgraphs for a list and joins its items by their places. Two answers need "
        "not agree about the order of a list, so we join entities by their keys, a round later.",
    ),
    Difference(
        "back_to_root",
        Verdict.ONLY_OURS,
        ("Chance1", "Chance4", "Chance5", "Chance6", "Chance14", "Chance15"),
        "Hive loses its place where a field below the root returns Query and both the subgraph "
        "at hand and another answer what is asked of it.",
    ),
    Difference(
        "gallery",
        Verdict.WORSE,
        ("OneKnowsMore",),
        "A type that only one of the subgraphs of a shared root knows is planned for: a value of "
        "it would break what @shareable promises, and is answered all the same.",
    ),
    Difference(
        "inspections",
        Verdict.WORSE,
        ("InspectorAll", "Chance3", "Chance6", "Chance15"),
        "Hive asks for an interface's field although it @requires something of one type: the "
        "subgraph would have to answer without what the field requires.",
    ),
    Difference(
        "insurances",
        Verdict.ONLY_OURS,
        ("ClaimsType", "RiskOfClaims", "Chance2", "Chance6", "Chance9", "Chance11", "Chance12"),
        "Hive finds no way from an interface object to the fields of one type, though the "
        "interface has a key where the types are known.",
    ),
    Difference(
        "library_catalogue",
        Verdict.WORSE,
        ("Emptied",),
        "Hive does not ask for a list when its conditions leave nothing to select of the items; "
        "the answer needs its length.",
    ),
    Difference(
        "loans",
        Verdict.WORSE,
        ("SavedRound",),
        "We spend a request to save a round: one branch need not wait for the other.",
    ),
    Difference(
        "overridden_needs",
        Verdict.ONLY_OURS,
        ("FromTaxBonus", "Chance1", "Chance6"),
        "Hive fails where the key for a @requires is itself learned on the way.",
    ),
    Difference(
        "till",
        Verdict.WORSE,
        ("NewItemTwice", "Sandwich"),
        "Mutations run one after the other, each until all is read that is asked below it "
        "(GraphQL 6.2.2). Hive begins the next before.",
    ),
    Difference(
        "till",
        Verdict.ONLY_OURS,
        ("Chance5",),
        "Hive loses its place where a mutation's value is left and entered again.",
    ),
    Difference(
        "zoo",
        Verdict.WORSE,
        ("CagesProvided", "Both"),
        'Hive takes `@provides(fields: "... on Dog { name }")` to provide the name of cats too.',
    ),
)
