"""What a `@link` imports, and under which names (link/v1.0)."""

from collections.abc import Iterable, Iterator, Mapping

from gateway.composition.errors import Code, CompositionRefused
from gateway.composition.schema.literal import Literal


def read_imports(imports: Literal, subgraph: str, line: int | None) -> Mapping[str, str]:
    """Local names by the specification's own; raises `CompositionRefused`."""
    return _unambiguous(_imports(imports, subgraph, line), subgraph, line)


def _imports(imports: Literal, subgraph: str, line: int | None) -> Iterator[tuple[str, str]]:
    for entry in imports if isinstance(imports, tuple) else (imports,):
        match entry:
            case str():
                yield entry, entry
            case {"name": str() as name, **rest} if rest.keys() <= {"as"}:
                alias = rest.get("as") or name
                if not isinstance(alias, str) or alias.startswith("@") != name.startswith("@"):
                    raise CompositionRefused.because(
                        Code.INVALID_LINK_DIRECTIVE_USAGE,
                        f"{name} cannot be imported as {alias}: "
                        "a directive's names start with @, a type's do not.",
                        subgraph,
                        line,
                    )
                yield name, alias
            case _:
                raise CompositionRefused.because(
                    Code.INVALID_LINK_DIRECTIVE_USAGE,
                    "An import is a name, or {name, as}.",
                    subgraph,
                    line,
                )


def _unambiguous(
    imports: Iterable[tuple[str, str]], subgraph: str, line: int | None
) -> Mapping[str, str]:
    pairs = set(imports)
    by_name = dict(sorted(pairs))
    if len(by_name) < len(pairs) or len(set(by_name.values())) < len(pairs):
        raise CompositionRefused.because(
            Code.INVALID_LINK_DIRECTIVE_USAGE,
            "Each import has one name, and no other import has it.",
            subgraph,
            line,
        )
    return by_name
