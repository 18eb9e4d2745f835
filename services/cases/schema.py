"""The subgraph of cases. `python -m services.cases.schema` prints it."""

from typing import Final

from kit.subgraph.schema import Subgraph
from services.cases.mutations.root import Mutation
from services.cases.queries import Query
from services.cases.subscriptions import Subscription
from services.cases.types.account import Account
from services.cases.types.comment import CaseComment
from services.cases.types.file import UploadSession
from services.cases.types.user import User
from services.cases.types.viewer import Viewer

schema: Final = Subgraph(
    Query,
    Mutation,
    Subscription,
    types=[Account, CaseComment, UploadSession, User, Viewer],
)

if __name__ == "__main__":
    print(schema.as_str())
