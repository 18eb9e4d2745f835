"""Which rules stand before a field."""

from gateway.authorization.guards import guards
from gateway.supergraph.reader import read_supergraph
from tests.support.composition import supergraph_of


def test_a_field_is_guarded_by_all_that_stands_before_it() -> None:
    supergraph = read_supergraph(
        supergraph_of(
            'type Query { node: Node } interface Node @key(fields: "id") { id: ID! }'
            ' type Person implements Node @key(fields: "id") @authenticated'
            ' { id: ID! vault: Vault @requiresScopes(scopes: [["a"]]) }'
            ' type Vault @policy(policies: [["p"]]) { gold: Int }',
            'type Node @interfaceObject @key(fields: "id")'
            ' { id: ID! secret: Int @requiresScopes(scopes: [["b"]]) }',
        )
    )

    found = {field: [on for on, _ in rules] for field, rules in guards(supergraph)}

    assert found == {
        ("Person", "id"): ["Person"],
        ("Person", "vault"): ["Person.vault", "Person", "Vault"],
        ("Person", "secret"): ["Person.secret", "Node.secret", "Person"],
        ("Vault", "gold"): ["Vault"],
    }
