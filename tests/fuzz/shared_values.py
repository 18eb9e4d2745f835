"""Operations for which a composed set of subgraphs may still have no plan.

What a shared field (@shareable) returns of an abstract type is asked of one subgraph as a whole:
nobody could tell that the answers of two are about the same object. The composition looks at one
field after the other and does not refuse selections that only two together could answer.
"""

from collections.abc import Mapping

from graphql import (
    FieldNode,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    get_named_type,
    is_abstract_type,
    parse,
    visit,
)
from graphql.language import Visitor

from tests.support.declarations import DeclaredType

Declared = Mapping[str, Mapping[str, DeclaredType]]


def asks_shared_abstract_value(text: str, schema: GraphQLSchema, declared: Declared) -> bool:
    """Whether the document selects something of such a value."""
    types = TypeInfo(schema)
    found = _Found(types, declared)
    visit(parse(text), TypeInfoVisitor(types, found))
    return found.is_found


class _Found(Visitor):
    def __init__(self, types: TypeInfo, declared: Declared) -> None:
        super().__init__()
        self.is_found = False
        self._types = types
        self._declared = declared

    def enter_field(self, node: FieldNode, *_: object) -> None:
        parent, type = self._types.get_parent_type(), self._types.get_type()
        if parent is None or type is None or not is_abstract_type(get_named_type(type)):
            return
        answering = (each.get(parent.name) for each in self._declared.values())
        fields = (each.fields.get(node.name.value) for each in answering if each is not None)
        shared = [each for each in fields if each is not None and not each.external]
        self.is_found = self.is_found or len(shared) > 1
