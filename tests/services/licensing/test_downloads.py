"""Software to download, and what an account's maintenance covers."""

from typing import Any
from uuid import UUID

import pytest

from kit.contract import Capability
from kit.database import Database
from kit.ids import new_id, to_global
from services.licensing.models import (
    Download,
    DownloadEntitlement,
    KeyProduct,
)
from tests.support.licensing import (
    ADMINISTRATOR,
    INDIVIDUAL,
    a_caller,
    a_download,
    a_key,
    answered,
    global_id,
    in_days,
    kept,
    staff,
)

LIST = """query ($account: ID!, $product: String, $special: Boolean) {
    downloads(accountId: $account, product: $product, specialOnly: $special) {
        id special entitled sizeBytes sha256 } }"""


async def listed(
    database: Database, caller: Any, account: UUID, **asked: Any
) -> dict[str, dict[str, Any]]:
    """The downloads by id."""
    id = to_global("acc", account)
    data = await answered(database, caller, LIST, account=id, **asked)
    return {each["id"]: each for each in data["downloads"]}


async def is_entitled(database: Database, account: UUID, download: Download) -> bool:
    found = await listed(database, a_caller(*ADMINISTRATOR, account_id=account), account)
    entitled: bool = found[global_id(download)]["entitled"]
    return entitled


@pytest.mark.parametrize(
    ("values", "entitled"),
    [
        ({"maintenance_ends_on": in_days(0)}, True),
        ({"maintenance_ends_on": in_days(-1)}, False),
        ({"maintenance_ends_on": in_days(0), "expires_on": None}, True),
        ({"maintenance_ends_on": in_days(-1), "expires_on": None}, False),
        ({"maintenance_ends_on": None, "expires_on": in_days(10)}, True),
        ({"maintenance_ends_on": None, "expires_on": None}, False),
        ({"product": KeyProduct.CREATOR}, True),
        ({"product": KeyProduct.DESKTOP}, True),
        ({"product": KeyProduct.SERVER}, False),
        ({"visible_from": in_days(1)}, False),
    ],
)
async def test_a_release_is_covered_by_maintenance_on_its_day(
    licensing: Database, values: dict[str, Any], entitled: bool
) -> None:
    account = new_id()
    download = a_download(in_days(0), product=KeyProduct.DESKTOP)
    await kept(licensing, download, a_key(account, **values))

    assert await is_entitled(licensing, account, download) is entitled


async def test_a_perpetual_licence_keeps_the_releases_of_its_maintenance(
    licensing: Database,
) -> None:
    account = new_id()
    old, new = a_download(in_days(-50)), a_download(in_days(-10))
    key = a_key(account, expires_on=None, maintenance_ends_on=in_days(-30))
    await kept(licensing, old, new, key)

    assert await is_entitled(licensing, account, old) is True
    assert await is_entitled(licensing, account, new) is False


async def test_an_expired_subscription_covers_nothing(licensing: Database) -> None:
    account = new_id()
    download = a_download(in_days(-50))
    key = a_key(account, expires_on=in_days(-1), maintenance_ends_on=in_days(-1))
    await kept(licensing, download, key)

    assert await is_entitled(licensing, account, download) is False


async def test_every_member_downloads_in_the_accounts_name(licensing: Database) -> None:
    account = new_id()
    download = a_download(in_days(-1))
    await kept(licensing, download, a_key(account))

    found = await listed(licensing, a_caller(*INDIVIDUAL, account_id=account), account)

    assert found[global_id(download)]["entitled"] is True


async def test_special_downloads_show_to_the_accounts_they_are_meant_for(
    licensing: Database,
) -> None:
    account, other, person = new_id(), new_id(), new_id()
    meant, ended, foreign = (a_download(in_days(-n), special=True) for n in range(3))
    await kept(
        licensing,
        *(meant, ended, foreign, a_key(account)),
        DownloadEntitlement(account_id=account, download_id=meant.id, until=in_days(0)),
        DownloadEntitlement(account_id=account, download_id=ended.id, until=in_days(-1)),
        DownloadEntitlement(account_id=other, download_id=foreign.id),
    )
    caller = a_caller(*INDIVIDUAL, account_id=account, id=person)

    found = await listed(licensing, caller, account, special=True)

    assert list(found) == [global_id(meant)]
    assert found[global_id(meant)]["entitled"] is True


async def test_a_special_download_of_one_account_does_not_show_in_another(
    licensing: Database,
) -> None:
    mine, other = new_id(), new_id()
    special = a_download(in_days(0), special=True)
    await kept(
        licensing,
        special,
        DownloadEntitlement(account_id=other, download_id=special.id),
    )
    caller = staff(Capability.DOWNLOAD)

    assert global_id(special) in await listed(licensing, caller, other)
    assert global_id(special) not in await listed(licensing, caller, mine)


async def test_downloads_are_found_by_product(licensing: Database) -> None:
    account = new_id()
    prep = a_download(in_days(0), product=KeyProduct.PREP)
    await kept(licensing, prep)
    caller = a_caller(*INDIVIDUAL, account_id=account)

    assert list(await listed(licensing, caller, account, product="Prep")) == [global_id(prep)]
    assert await listed(licensing, caller, account, product="nonsense") == {}


async def test_the_size_of_a_download_may_be_more_than_an_integer_holds(
    licensing: Database,
) -> None:
    account = new_id()
    download = a_download(in_days(0))
    await kept(licensing, download)

    found = await listed(licensing, a_caller(*INDIVIDUAL, account_id=account), account)

    assert found[global_id(download)]["sizeBytes"] == "3000000000"


async def test_an_account_in_which_nothing_may_be_downloaded_lists_nothing(
    licensing: Database,
) -> None:
    account = new_id()
    await kept(licensing, a_download(in_days(0)), a_key(account))
    elsewhere = a_caller(*INDIVIDUAL, account_id=new_id())

    assert await listed(licensing, elsewhere, account) == {}
    nonsense = await answered(licensing, elsewhere, LIST, account="nonsense")
    assert nonsense == {"downloads": []}
