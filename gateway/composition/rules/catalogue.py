"""All rules, in the order in which composition asks them."""

from collections.abc import Callable, Iterator
from typing import Final

from gateway.composition.errors import CompositionError
from gateway.composition.federation import Federation
from gateway.composition.member import Member
from gateway.composition.merging.merged import Merged
from gateway.composition.rules.arguments import check_arguments
from gateway.composition.rules.authorization import check_authorization
from gateway.composition.rules.composed_directives import check_composed_directives
from gateway.composition.rules.contexts import check_contexts
from gateway.composition.rules.costs import check_costs
from gateway.composition.rules.directive_names import check_directive_names
from gateway.composition.rules.entity_interfaces import check_entity_interfaces
from gateway.composition.rules.enums import check_enums
from gateway.composition.rules.executable_directives import check_executable_directives
from gateway.composition.rules.extension_bases import check_extension_bases
from gateway.composition.rules.external_bases import check_external_bases
from gateway.composition.rules.externals import check_externals
from gateway.composition.rules.field_sharing import check_field_sharing
from gateway.composition.rules.field_types import check_field_types
from gateway.composition.rules.guarded_interfaces import check_guarded_interfaces
from gateway.composition.rules.inaccessible import check_inaccessible
from gateway.composition.rules.inputs import check_inputs
from gateway.composition.rules.interface_fields import check_interface_fields
from gateway.composition.rules.interface_objects import check_interface_objects
from gateway.composition.rules.keys import check_keys
from gateway.composition.rules.overrides import check_overrides
from gateway.composition.rules.provisions import check_provisions
from gateway.composition.rules.queries import check_queries
from gateway.composition.rules.required_arguments import check_required_arguments
from gateway.composition.rules.required_data import check_required_data
from gateway.composition.rules.requirements import check_requirements
from gateway.composition.rules.reserved_names import check_reserved_names
from gateway.composition.rules.shareable import check_shareable
from gateway.composition.rules.taken_over_fields import check_taken_over_fields
from gateway.composition.rules.type_kinds import check_type_kinds

MemberRule = Callable[[Member], Iterator[CompositionError]]
FederationRule = Callable[[Federation], Iterator[CompositionError]]
MergedRule = Callable[[Merged], Iterator[CompositionError]]

#: Of each subgraph alone.
MEMBER_RULES: Final[tuple[MemberRule, ...]] = (
    check_reserved_names,
    check_keys,
    check_requirements,
    check_provisions,
    check_externals,
    check_shareable,
    check_overrides,
    check_entity_interfaces,
    check_contexts,
    check_costs,
    check_authorization,
    check_guarded_interfaces,
)

#: Of all subgraphs together.
FEDERATION_RULES: Final[tuple[FederationRule, ...]] = (
    check_queries,
    check_type_kinds,
    check_extension_bases,
    check_external_bases,
    check_interface_objects,
    check_field_types,
    check_arguments,
    check_inputs,
    check_enums,
    check_taken_over_fields,
    check_field_sharing,
    check_composed_directives,
    check_directive_names,
    check_executable_directives,
)

#: Of what was merged.
MERGED_RULES: Final[tuple[MergedRule, ...]] = (
    check_interface_fields,
    check_inaccessible,
    check_required_arguments,
    check_required_data,
)
