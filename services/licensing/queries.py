"""Licensing's root fields."""

from typing import Annotated, TypeVar
from uuid import UUID

import strawberry
from strawberry.dataloader import DataLoader

from kit.contract import Capability
from kit.ids import from_global, new_id
from kit.subgraph.rules import any_of
from services.licensing import models
from services.licensing.context import Info
from services.licensing.inputs import KeyFilter, KeyOrder, key_query, products_named
from services.licensing.key_codes import read_code
from services.licensing.repository.downloads import DownloadQuery
from services.licensing.repository.keys import KeyView
from services.licensing.repository.statistics import KeyDimension
from services.licensing.types import account, deployment, export, key
from services.licensing.types.deployment import DEPLOYMENT_READERS, Deployment
from services.licensing.types.download import Download
from services.licensing.types.export import KeyExport
from services.licensing.types.key import (
    KEY_READERS,
    ProductKey,
    ProductKeyConnection,
    keys_page,
)
from services.licensing.types.statistics import LicenseStat

R = TypeVar("R")


@strawberry.type
class Query:
    """What somebody may not see answers exactly as what does not exist."""

    @strawberry.field(directives=[KEY_READERS])
    async def product_key(
        self,
        info: Info,
        id: strawberry.ID | None = None,
        # Not `key`, which is the module.
        code: Annotated[str | None, strawberry.argument(name="key")] = None,
    ) -> ProductKey | None:
        """One key, by id or by its characters however they are typed; with both, by both."""
        by_id = await _by_id(key.PREFIX, id, info.context.loaders.key) if id is not None else None
        row = await _by_code(info, code) if code is not None else by_id
        if row is None or (id is not None and (by_id is None or by_id.id != row.id)):
            return None
        return ProductKey.of(row)

    @strawberry.field(directives=[KEY_READERS])
    async def product_keys(
        self,
        info: Info,
        view: KeyView | None = KeyView.ALL,
        filter: KeyFilter | None = None,
        order_by: KeyOrder | None = None,
        first: int | None = 20,
        after: str | None = None,
    ) -> ProductKeyConnection:
        """The keys that the caller sees in any account: newest first, or as ordered."""
        query = key_query(view, filter, order_by, info.context.vault)
        return await keys_page(info, query, first, after)

    @strawberry.field(directives=[DEPLOYMENT_READERS])
    async def deployment(self, info: Info, id: strawberry.ID) -> Deployment | None:
        """One deployment."""
        row = await _by_id(deployment.PREFIX, id, info.context.loaders.deployment)
        return Deployment.of(row) if row is not None else None

    @strawberry.field(directives=[any_of(Capability.DOWNLOAD)])
    async def downloads(
        self,
        info: Info,
        account_id: strawberry.ID,
        product: str | None = None,
        special_only: bool | None = False,
    ) -> list[Download]:
        """The latest software, and whether the account's maintenance covers it."""
        id = from_global(account.PREFIX, account_id)
        if id is None or not info.context.principal.holds(Capability.DOWNLOAD, id):
            return []
        loaders = info.context.loaders
        rows = await loaders.downloads(
            DownloadQuery(id, products_named(product), bool(special_only))
        )
        covered = await loaders.maintained_until(id)
        return [Download.of(row, covered) for row in rows]

    @strawberry.field(directives=[export.OWNERS])
    async def key_export(self, info: Info, id: strawberry.ID) -> KeyExport | None:
        """One of the caller's own exports."""
        row = await _by_id(export.PREFIX, id, info.context.loaders.key_export)
        return KeyExport.of(row) if row is not None else None

    @strawberry.field(directives=[any_of(Capability.AGGREGATE_READ)])
    async def license_utilisation(
        self,
        info: Info,
        account_ids: list[strawberry.ID] | None = None,
        *,
        group_by: list[KeyDimension],
    ) -> list[LicenseStat]:
        """How keys are used, in all accounts that the caller may count or in some of them."""
        # An id that names nothing counts nothing, as does one that the caller may not see.
        accounts = (
            [from_global(account.PREFIX, id) or new_id() for id in account_ids]
            if account_ids is not None
            else None
        )
        counted = await info.context.loaders.utilisation(accounts, group_by)
        return [LicenseStat.of(each) for each in counted]


async def _by_id(prefix: str, id: str, loader: DataLoader[UUID, R | None]) -> R | None:
    uuid = from_global(prefix, id)
    return await loader.load(uuid) if uuid is not None else None


async def _by_code(info: Info, text: str) -> models.ProductKey | None:
    code = read_code(text)
    if code is None:
        return None
    return await info.context.loaders.key_digested.load(info.context.vault.digest(code))
