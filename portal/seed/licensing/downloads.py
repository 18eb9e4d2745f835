"""Releases to download, and who may have the special ones."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from portal.seed.copying import Row
from portal.seed.identifiers import seeded_id
from portal.seed.world import World
from services.licensing.models import KeyProduct

_RELEASES = ("2024.2", "2024.3", "2025.1", "2025.2", "2025.3", "2026.1", "2026.2", "2026.3")
_PLATFORMS = {
    KeyProduct.DESKTOP: ("Windows", "macOS"),
    KeyProduct.PREP: ("Windows", "macOS"),
    KeyProduct.SERVER: ("Windows", "Linux"),
    KeyProduct.ADD_ON: ("Windows",),
}
_SPECIAL = ("Hotfix for slow extracts", "Preview of 2027.1", "FIPS build")
_BETWEEN_RELEASES = timedelta(days=110)
_GIGABYTE = 10**9


def download_rows(world: World) -> Iterator[Row]:
    """Every release of every product, the last one from today; then the special builds."""
    last = len(_RELEASES) - 1
    number = 0
    for place, version in enumerate(_RELEASES):
        released = world.now - (last - place) * _BETWEEN_RELEASES
        for product, platforms in _PLATFORMS.items():
            for platform in platforms:
                yield _download(number, product, version, platform, released)
                number += 1
    for place, name in enumerate(_SPECIAL):
        product = KeyProduct.SERVER if place == 2 else KeyProduct.DESKTOP
        released = world.now - timedelta(days=20 * place)
        yield {
            **_download(number, product, f"2026.3 – {name}", "Windows", released),
            "special": True,
            "id": seeded_id("special-download", place),
        }
        number += 1


def entitlement_rows(world: World) -> Iterator[Row]:
    """Special builds for every second account, some of them no longer."""
    for customer in world.customers:
        for place in range(len(_SPECIAL)):
            if (customer.index + place) % 2 == 0:
                ended = place == 1 and customer.index % 4 == 1
                yield {
                    "account_id": customer.id,
                    "download_id": seeded_id("special-download", place),
                    "until": world.today - timedelta(days=1) if ended else None,
                    "created_at": customer.created_at,
                }


def _download(
    number: int, product: KeyProduct, version: str, platform: str, released: datetime
) -> dict[str, object]:
    return {
        "id": seeded_id("download", number),
        "product": product,
        "version": version,
        "platform": platform,
        "special": False,
        "released_on": released.date(),
        # More than a 32-bit number holds.
        "size_bytes": (1 + number % 4) * _GIGABYTE + 7_919 * number,
        "sha256": hashlib.sha256(f"download {number}".encode()).hexdigest(),
        "object_key": f"downloads/{number}.bin",
        "created_at": released,
    }
