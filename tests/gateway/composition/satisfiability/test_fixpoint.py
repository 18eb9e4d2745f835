"""Facts that follow from one another."""

from gateway.composition.satisfiability.fixpoint import LeastFixpoint

EDGES = {"a": "b", "b": "ca", "c": "", "x": "y", "y": "x"}


def reachability() -> LeastFixpoint[str, str]:
    """What can be reached in a graph, along its edges."""

    def derive(node: str) -> frozenset[str]:
        return frozenset(EDGES[node]).union(*(facts.of(each) for each in EDGES[node]))

    facts: LeastFixpoint[str, str] = LeastFixpoint(derive)
    return facts


def test_facts_in_a_circle_have_all_that_any_of_them_has() -> None:
    facts = reachability()

    assert facts.of("a") == facts.of("b") == {"a", "b", "c"}
    assert facts.of("c") == frozenset()


def test_what_only_a_circle_would_justify_is_not_there() -> None:
    def derive(fact: str) -> frozenset[str]:
        return frozenset({fact}) if facts.of({"x": "y", "y": "x"}[fact]) else frozenset()

    facts: LeastFixpoint[str, str] = LeastFixpoint(derive)

    assert facts.of("x") == frozenset()
