"""Plans in words, for people and for tests."""

from collections.abc import Iterator, Mapping

from graphql import parse, print_ast

from gateway.plan.fetch import Entities, Fetch, Plan
from gateway.plan.path import Items, Key, OfType, Path
from gateway.plan.representation import RequiredField, RequiredOfType, Requirement

_INDENT = "    "


def render(plan: Plan) -> str:
    """Every request: to whom, after which, about which objects, and its document."""
    labels = {part.id: part.label for part in plan.parts}
    return "\n".join(line for fetch in plan.fetches for line in _fetch(fetch, labels))


def requests(plan: Plan) -> dict[str, int]:
    """How many requests each subgraph gets."""
    counts: dict[str, int] = {}
    for fetch in plan.fetches:
        counts[fetch.subgraph] = counts.get(fetch.subgraph, 0) + 1
    return counts


def rounds(plan: Plan) -> list[list[str]]:
    """The subgraphs asked in each round: a request is sent one round after the last it needs."""
    round_of: dict[int, int] = {}
    found: list[list[str]] = []
    for fetch in plan.fetches:
        at = 1 + max((round_of[id] for id in fetch.depends_on), default=-1)
        round_of[fetch.id] = at
        found.extend([] for _ in range(at + 1 - len(found)))
        found[at].append(fetch.subgraph)
    return [sorted(each) for each in found]


def path_text(path: Path) -> str:
    """A path as plans show it: `products.@.reviews`, with types between bars."""
    parts = []
    for segment in path:
        match segment:
            case Key(name):
                parts.append(name)
            case Items():
                parts.append("@")
            case OfType(types):
                parts.append(f"|{'|'.join(sorted(types))}|")
    return ".".join(parts)


def _fetch(fetch: Fetch, labels: Mapping[int, str | None]) -> Iterator[str]:
    after = ", ".join(f"#{id}" for id in sorted(fetch.depends_on))
    yield (
        f"#{fetch.id} {fetch.subgraph}"
        + (f", after {after}" if after else "")
        + (f', deferred as "{labels[fetch.part] or ""}"' if fetch.part else "")
    )
    for entities in fetch.entities:
        yield from _entities(entities)
    for path in filter(None, fetch.paths):
        yield f"  into {path_text(path)}"
    for line in print_ast(parse(fetch.document)).splitlines():
        yield _INDENT + line


def _entities(entities: Entities) -> Iterator[str]:
    for path in entities.paths:
        for representation in entities.representations:
            types = " | ".join(sorted(representation.types)) or "any type"
            named = f" as {representation.typename}" if representation.typename else ""
            fields = " ".join(map(_requirement, representation.fields))
            yield f"  ${entities.variable}: {path_text(path)}, {types}{named} by {{{fields}}}"


def _requirement(requirement: Requirement) -> str:
    match requirement:
        case RequiredField(name, source, _, selections):
            alias = name if name == source else f"{source}→{name}"
            return alias + _below(selections)
        case RequiredOfType(types, selections):
            return f"...on {'|'.join(sorted(types))}" + _below(selections)


def _below(selections: tuple[Requirement, ...]) -> str:
    return f"{{{' '.join(map(_requirement, selections))}}}" if selections else ""
