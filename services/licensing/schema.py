"""Licensing's subgraph. `python -m services.licensing.schema` prints it."""

from typing import Final

from kit.subgraph.schema import Subgraph
from services.licensing.mutations import Mutation
from services.licensing.queries import Query
from services.licensing.types.account import Account
from services.licensing.types.activation import Activation
from services.licensing.types.group import KeyGroup
from services.licensing.types.membership import Membership
from services.licensing.types.viewer import Viewer

schema: Final = Subgraph(Query, Mutation, types=[Account, Activation, KeyGroup, Membership, Viewer])

if __name__ == "__main__":
    print(schema.as_str())
