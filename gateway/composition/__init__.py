"""Composition: the subgraphs' schemas merged into one supergraph, or every reason against it."""

from gateway.composition.composition import Composition, compose
from gateway.composition.errors import Code, CompositionError, Hint
from gateway.composition.subgraph import Subgraph

__all__ = ["Code", "Composition", "CompositionError", "Hint", "Subgraph", "compose"]
