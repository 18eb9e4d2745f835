"""What is asked of every type of an interface is asked of the interface, once."""

from gateway.planner.draft import Asked, Node
from gateway.supergraph.model import Kind, Subgraph


def fold(node: Node, subgraph: Subgraph) -> None:
    """Drop from a selection set what it asks twice, here and below."""
    for asked in node.fields.values():
        if asked.node is not None:
            fold(asked.node, subgraph)
    for case in node.cases.values():
        fold(case, subgraph)
    _lift(node, subgraph)
    for case in node.cases.values():
        case.fields = {
            key: asked
            for key, asked in case.fields.items()
            if key not in node.fields or not _contains(node.fields[key], asked)
        }
    node.cases = {type: case for type, case in node.cases.items() if case.fields or case.cases}


def _lift(node: Node, subgraph: Subgraph) -> None:
    """Leaves that all types are asked for become the interface's, if it has them."""
    interface = subgraph.types.get(node.type)
    if interface is None or interface.kind is not Kind.INTERFACE or not node.cases:
        return
    if not interface.possible <= node.cases.keys():
        return
    first, *others = (node.cases[type] for type in sorted(interface.possible))
    for key, asked in first.fields.items():
        declared = interface.fields.get(asked.name)
        is_leaf = asked.node is None and declared is not None and not declared.external
        if is_leaf and all(_contains(case.fields.get(key), asked) for case in others):
            node.fields.setdefault(key, asked)


def _contains(known: Asked | None, asked: Asked) -> bool:
    """Whether the first asks for all that the second does."""
    if known is None or (known.name, known.arguments) != (asked.name, asked.arguments):
        return False
    if known.node is None or asked.node is None:
        return known.node is asked.node
    return _covers(known.node, asked.node)


def _covers(known: Node, node: Node) -> bool:
    return all(
        _contains(known.fields.get(key), asked) for key, asked in node.fields.items()
    ) and all(
        type in known.cases and _covers(known.cases[type], case)
        for type, case in node.cases.items()
    )
