"""Steps to fetches: the requests as they are sent."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from graphql import OperationType

from gateway.operation.model import Operation
from gateway.plan.fetch import Context, Demand, Entities, Fetch, Plan, Rename
from gateway.plan.path import Path
from gateway.plan.representation import Representation, Requirement
from gateway.planner.document import operation as write_operation
from gateway.planner.document import selection_set, used
from gateway.planner.draft import Step
from gateway.planner.join import Group


def arrange(
    operation: Operation,
    groups: Sequence[Group],
    fetch_of: Mapping[int, int],
    vital: frozenset[str],
) -> Plan:
    """The plan of these steps: one request for each group. `fetch_of` tells it for each step.

    `vital` are the response keys of root fields without which there is no answer.
    """
    fetches = tuple(
        _fetch(operation, id, group, fetch_of, vital) for id, group in enumerate(groups)
    )
    return Plan(operation.kind, fetches, operation.parts)


def _fetch(
    operation: Operation,
    id: int,
    steps: Group,
    fetch_of: Mapping[int, int],
    vital: frozenset[str],
) -> Fetch:
    variables = used(operation, (step.node for step in steps))
    declared = [variable.declaration for variable in variables]
    entities: tuple[Entities, ...] = ()
    if steps[0].is_root:
        text = selection_set(steps[0].node)
    else:
        alike = _alike(steps)
        names = _names(len(alike), {variable.name for variable in operation.variables})
        entities = tuple(_entities(each, *names) for each, names in zip(alike, names, strict=True))
        declared += [f"${each.variable}:[_Any!]!" for each in entities]
        declared += [f"${name}:{type}" for step in steps for name, type in _given(step)]
        text = "{" + " ".join(map(_asked, entities, alike)) + "}"
    kind = steps[0].kind
    return Fetch(
        id=id,
        subgraph=steps[0].subgraph,
        kind=kind,
        document=write_operation(operation, kind, declared, text),
        operation_name=operation.name,
        variables=tuple(variable.name for variable in variables),
        keys=_keys(steps[0]) if steps[0].is_root else frozenset(),
        paths=tuple(step.path for step in steps) if steps[0].is_root else ((),),
        entities=entities,
        renames=steps[0].renames if steps[0].is_root else (),
        depends_on=frozenset(fetch_of[each] for step in steps for each in step.depends_on),
        part=steps[0].part,
        vital=vital & _keys(steps[0]) if kind is OperationType.MUTATION else frozenset(),
    )


@dataclass(slots=True)
class _Alike:
    """Objects in several places, asked for the same."""

    selections: str
    representations: tuple[Representation, ...]
    renames: tuple[Rename, ...]
    keys: frozenset[str]
    contexts: tuple[Context, ...]
    demands: tuple[Demand, ...]
    paths: list[Path] = field(default_factory=list)


def _alike(steps: Iterable[Step]) -> list[_Alike]:
    """First by place: runtime types of one object may be asked alike. Then the places."""
    at: dict[tuple[Path, str, tuple[Rename, ...]], list[Step]] = {}
    for step in steps:
        at.setdefault((step.path, selection_set(step.node), step.renames), []).append(step)
    found: dict[tuple[object, ...], _Alike] = {}
    for (path, text, renames), same in at.items():
        alike = _Alike(
            text,
            tuple(_representations(same)),
            renames,
            _keys(same[0]),
            tuple(_contexts(same[0])),
            tuple(Demand(*each) for step in same for each in step.demands.items()),
        )
        key = (text, alike.representations, renames, alike.demands)
        found.setdefault(key, alike).paths.append(path)
    return list(found.values())


def _contexts(step: Step) -> Iterator[Context]:
    """A step's variables are its own: no two steps that have some are alike."""
    for supplied in step.supplied.values():
        [variable] = step.supply([supplied.given]).values()
        yield Context(variable, supplied.origins)


def _given(step: Step) -> Iterator[tuple[str, str]]:
    """The variables of arguments that clients do not give, and their types."""
    for given in step.supplied:
        [variable] = step.supply([given]).values()
        yield variable, given.argument.type


def _keys(step: Step) -> frozenset[str]:
    """The response keys that the answer brings to an object, after renaming."""
    names = {rename.key: rename.name for rename in step.renames}
    return frozenset(names.get(key, key) for key in step.node.keys)


def _representations(steps: Iterable[Step]) -> list[Representation]:
    """Types that are named alike share one."""
    named = [each for step in steps for each in step.representations.items()]
    types: dict[tuple[str | None, tuple[Requirement, ...]], set[str | None]] = {}
    for (type, typename), requirements in named:
        types.setdefault((typename, tuple(requirements)), set()).add(type)
    return [
        Representation(_types(names), typename, requirements)
        for (typename, requirements), names in types.items()
    ]


def _types(names: set[str | None]) -> frozenset[str]:
    """Where one representation is for whatever type, it is for all of them."""
    return frozenset() if None in names else frozenset(filter(None, names))


def _names(number: int, taken: set[str]) -> list[tuple[str, str]]:
    """Response keys, and variables that are not among the client's."""
    prefix = "r"
    while any(f"{prefix}{n}" in taken for n in range(number)):
        prefix += "_"
    if number == 1:
        return [("_entities", f"{prefix}0")]
    return [(f"_e{n}", f"{prefix}{n}") for n in range(number)]


def _entities(alike: _Alike, alias: str, variable: str) -> Entities:
    return Entities(
        alias,
        variable,
        tuple(alike.paths),
        alike.representations,
        alike.keys,
        alike.renames,
        alike.contexts,
        alike.demands,
    )


def _asked(entities: Entities, alike: _Alike) -> str:
    alias = "" if entities.alias == "_entities" else f"{entities.alias}:"
    return f"{alias}_entities(representations:${entities.variable}){alike.selections}"
