"""Sets of subgraphs made by chance."""

from random import Random
from typing import Final

from tests.fuzz.blueprint import blueprint
from tests.fuzz.distribution import Distribution, add_roots, complete_interfaces, spread
from tests.fuzz.draft import SetDraft, SubgraphDraft
from tests.fuzz.guarding import guard
from tests.fuzz.sharing import (
    add_interface_object,
    hide,
    provide,
    reenter,
    require,
    take_over,
)

_MOST_SUBGRAPHS: Final = 4
#: What is tried before interfaces get their fields, how often at most, and how likely each time.
_ARRANGEMENTS: Final = (
    (require, 4, 0.5),
    (provide, 2, 0.5),
    (take_over, 2, 0.35),
    (add_interface_object, 1, 0.25),
    (reenter, 1, 0.15),
)


def subgraph_set(seed: object, *, guarded: bool = False) -> dict[str, str]:
    """The SDLs of two to five subgraphs, by name. Not every set composes.

    One that is `guarded` has rules of authorization, and is else the same.
    """
    chance = Random(f"set {seed}")
    names = [f"s{number}" for number in range(chance.randint(2, _MOST_SUBGRAPHS))]
    drafts = SetDraft([SubgraphDraft(name) for name in names])
    division = Distribution(chance, blueprint(chance), drafts)
    spread(division)
    add_roots(division)
    for arrange, most, likely in _ARRANGEMENTS:
        for _ in range(most):
            if division.odds(likely):
                arrange(division)
    complete_interfaces(division)
    if division.odds(0.3):
        hide(division)
    drafts.subgraphs = [each for each in drafts.subgraphs if each.types]
    if guarded:
        guard(drafts, Random(f"rules {seed}"))
    return drafts.sdls()
