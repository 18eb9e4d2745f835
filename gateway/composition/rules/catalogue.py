"""All rules, in the order in which composition asks them."""

from collections.abc import Callable, Iterator
from typing import Final

from gateway.composition.errors import CompositionError
from gateway.composition.member import Member
from gateway.composition.rules.entity_interfaces import check_entity_interfaces
from gateway.composition.rules.externals import check_externals
from gateway.composition.rules.keys import check_keys
from gateway.composition.rules.overrides import check_overrides
from gateway.composition.rules.provisions import check_provisions
from gateway.composition.rules.requirements import check_requirements
from gateway.composition.rules.shareable import check_shareable

MemberRule = Callable[[Member], Iterator[CompositionError]]

#: Of each subgraph alone.
MEMBER_RULES: Final[tuple[MemberRule, ...]] = (
    check_keys,
    check_requirements,
    check_provisions,
    check_externals,
    check_shareable,
    check_overrides,
    check_entity_interfaces,
)
