"""Billing's subgraph. `python -m services.billing.schema` prints it."""

from typing import Final

from kit.subgraph.schema import Subgraph
from services.billing.mutations import Mutation
from services.billing.queries import Query
from services.billing.types.account import Account
from services.billing.types.user import User

schema: Final = Subgraph(Query, Mutation, types=[Account, User])

if __name__ == "__main__":
    print(schema.as_str())
