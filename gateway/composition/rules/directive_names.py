"""One directive has one name in all subgraphs, and no other has it."""

from collections.abc import Iterator

from gateway.composition.errors import Code, CompositionError
from gateway.composition.federation import Federation
from gateway.composition.member import Member
from gateway.composition.merging.composed import composed_directives
from gateway.composition.naming import local_names


def check_directive_names(federation: Federation) -> Iterator[CompositionError]:
    """LINK_IMPORT_NAME_MISMATCH; DIRECTIVE_COMPOSITION_ERROR for a subgraph's own directive that
    would get the name of another's.
    """
    names = local_names(federation.members)
    for directive, called in names.items():
        (first, first_member), *others = called.items()
        for local, member in others:
            yield member.error(
                Code.LINK_IMPORT_NAME_MISMATCH,
                f'@{directive} is called @{local} here and @{first} in "{first_member.name}".',
                f"@{local}",
                _line_of_link(member, local),
            )
    taken = {local: directive for directive, called in names.items() for local in called}
    for composed in composed_directives(federation):
        name = composed.definition.name
        if name in taken:
            yield composed.member.error(
                Code.DIRECTIVE_COMPOSITION_ERROR,
                f"@{name} cannot be composed: elsewhere it is the name of @{taken[name]}.",
                f"@{name}",
                composed.definition.line,
            )


def _line_of_link(member: Member, local: str) -> int | None:
    return next((link.line for link in member.links.all if link.has(local)), None)
