"""Lists keys in a test's name."""

from typing import Any

from kit.database import Database
from kit.principal import Principal
from services.licensing.models import ProductKey
from tests.support.licensing import answered, global_id

LIST = """query (
    $view: KeyView, $filter: KeyFilter, $order: KeyOrder, $first: Int, $after: String
) { productKeys(view: $view, filter: $filter, orderBy: $order, first: $first, after: $after) {
        totalCount pageInfo { hasNextPage hasPreviousPage endCursor } nodes { id } } }"""


async def listed(database: Database, caller: Principal, **asked: Any) -> list[str]:
    """The ids of the list, which agree with its total."""
    data = await answered(database, caller, LIST, **asked)
    ids = [node["id"] for node in data["productKeys"]["nodes"]]
    assert data["productKeys"]["totalCount"] == len(ids)
    return ids


def ids_of(*keys: ProductKey) -> list[str]:
    """The keys' ids as clients know them."""
    return [global_id(key) for key in keys]
