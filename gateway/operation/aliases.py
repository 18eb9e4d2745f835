"""Response keys that clients may not choose."""

from typing import Any

from graphql import FieldNode, GraphQLError, ValidationRule


class NoReservedAliases(ValidationRule):
    """Names that begin with two underscores are introspection's own (GraphQL 2.1.9).

    The gateway uses such keys for what it must know of an object.
    """

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        """Look at one field's alias."""
        alias = node.alias
        if alias is None or not alias.value.startswith("__") or alias.value == node.name.value:
            return
        self.report_error(GraphQLError(f"The alias '{alias.value}' is a reserved name.", alias))
