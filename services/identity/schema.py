"""Identity's subgraph. `python -m services.identity.schema` prints it."""

from typing import Final

from kit.subgraph.schema import Subgraph
from services.identity.mutations.root import Mutation
from services.identity.queries import Query
from services.identity.types.api_client import ApiClient
from services.identity.types.viewer import Viewer

schema: Final = Subgraph(Query, Mutation, types=[ApiClient, Viewer])

if __name__ == "__main__":
    print(schema.as_str())
