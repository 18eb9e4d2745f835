"""The check itself: whatever clients may ask, the subgraphs can answer.

Every route that clients may take is walked, with the places at which its value can be found: a
type as one subgraph has it. Which places can be reached from which is solved from nothing up, so
that keys and requirements that need each other open nothing. Verdicts are those of Apollo's
reference but where it is mistaken: `Labels` and `Moves.can_return` tell how, and it takes a value
for seen once it was seen in the same subgraphs, though more of it was provided then.
"""

from dataclasses import dataclass
from functools import partial

from gateway.composition.errors import Code, CompositionError, Hint
from gateway.composition.merging.merged import Merged
from gateway.composition.satisfiability.atlas import Atlas
from gateway.composition.satisfiability.reasons import Reasons
from gateway.composition.satisfiability.route import Route, example
from gateway.composition.satisfiability.shared_values import (
    hint_at_shared_value,
    mismatch,
    types_by_member,
)
from gateway.composition.satisfiability.walk import Advance, Walk


@dataclass(frozen=True, slots=True)
class Satisfiability:
    """What no subgraph can answer, and what several may answer differently."""

    errors: tuple[CompositionError, ...]
    hints: tuple[Hint, ...]


def check_satisfiability(merged: Merged) -> Satisfiability:
    """SATISFIABILITY_ERROR, SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES.

    Only for what keeps all other rules. Each operation is told once, whatever the states of the
    labels of progressive overrides in which it fails.
    """
    errors: dict[str, CompositionError] = {}
    hints: dict[Hint, None] = {}
    walk = Walk(Atlas(merged))
    for advance in walk.advances():
        operation = partial(_operation, walk, advance.route, advance.to.type)
        types = types_by_member(walk.atlas, advance)
        if not advance.to.places:
            errors.setdefault(operation(), _unsatisfied(merged, walk, advance, operation()))
        elif types and not frozenset.intersection(*types.values()):
            errors.setdefault(operation(), mismatch(merged, advance, types, operation()))
        else:
            hints.update(dict.fromkeys(hint_at_shared_value(advance, types)))
    return Satisfiability(tuple(errors.values()), tuple(hints))


def _operation(walk: Walk, route: Route, type: str) -> str:
    return example(walk.atlas.schema, route, is_open=walk.atlas.is_composite(type))


def _unsatisfied(merged: Merged, walk: Walk, advance: Advance, operation: str) -> CompositionError:
    state, field = advance.origin, advance.route.field
    reasons = Reasons(walk.atlas, walk.moves(state.choices))
    if field is not None:
        coordinate = f"{state.type}.{field.name}"
        because = reasons.against_field(state, field.name)
    else:
        coordinate = advance.to.type
        because = reasons.against_type(state)
    return merged.error(
        Code.SATISFIABILITY_ERROR,
        f"The following supergraph API query:\n{operation}\n"
        f"cannot be satisfied by the subgraphs because:\n{because}",
        coordinate,
    )
