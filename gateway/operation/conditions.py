"""@skip and @include (GraphQL 3.13.1 and 3.13.2)."""

from graphql import (
    DirectiveNode,
    DocumentNode,
    FragmentDefinitionNode,
    OperationDefinitionNode,
    ValueNode,
    VariableNode,
    visit,
)
from graphql.language import Visitor


def condition(directive: DirectiveNode) -> ValueNode | None:
    """What decides, if this is a @skip or an @include."""
    if directive.name.value not in ("skip", "include"):
        return None
    return directive.arguments[0].value if directive.arguments else None


def condition_variables(
    document: DocumentNode, operation: OperationDefinitionNode
) -> frozenset[str]:
    """The variables that decide a @skip or @include of the operation or of any fragment."""
    found = _Conditions()
    visit(operation, found)
    for definition in document.definitions:
        if isinstance(definition, FragmentDefinitionNode):
            visit(definition, found)
    return frozenset(found.variables)


class _Conditions(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.variables: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        value = condition(node)
        if isinstance(value, VariableNode):
            self.variables.add(value.name.value)
