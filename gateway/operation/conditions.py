"""@skip and @include (GraphQL 3.13.1 and 3.13.2), and the condition of a @defer."""

from collections.abc import Mapping

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    FragmentDefinitionNode,
    OperationDefinitionNode,
    SelectionNode,
    ValueNode,
    VariableNode,
    visit,
)
from graphql.language import Visitor


def is_included(node: SelectionNode, truths: Mapping[str, bool]) -> bool:
    """Whether its @skip and @include let a selection take part."""
    for directive in node.directives or ():
        name = directive.name.value
        if name in ("skip", "include"):
            value = _condition(directive)
            if value is not None and truth_of(value, truths) is (name == "skip"):
                return False
    return True


def truth_of(value: ValueNode, truths: Mapping[str, bool]) -> bool:
    """A condition's value. `truths` are those of the variables."""
    if isinstance(value, VariableNode):
        return truths[value.name.value]
    assert isinstance(value, BooleanValueNode)  # the operation is valid
    return value.value


def condition_variables(
    document: DocumentNode, operation: OperationDefinitionNode
) -> frozenset[str]:
    """The variables that decide a @skip, @include or @defer of the operation or any fragment."""
    found = _Conditions()
    visit(operation, found)
    for definition in document.definitions:
        if isinstance(definition, FragmentDefinitionNode):
            visit(definition, found)
    return frozenset(found.variables)


def _condition(directive: DirectiveNode) -> ValueNode | None:
    arguments = directive.arguments or ()
    return next((each.value for each in arguments if each.name.value == "if"), None)


class _Conditions(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.variables: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        if node.name.value in ("skip", "include", "defer"):
            value = _condition(node)
            if isinstance(value, VariableNode):
                self.variables.add(value.name.value)
