"""Software to download."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final, Self

import strawberry

from kit.contract import Capability
from kit.ids import to_global
from kit.subgraph.rules import any_of
from services.licensing import models
from services.licensing.models import KeyProduct

_PREFIX = "dl"

#: Keys that cover a product's releases besides its own.
_COVERED_BY: Final = {
    KeyProduct.DESKTOP: (KeyProduct.CREATOR,),
    KeyProduct.PREP: (KeyProduct.CREATOR,),
}


@strawberry.federation.type(directives=[any_of(Capability.DOWNLOAD)])
class Download:
    """One file of a release. `entitled` says whether the account may have it."""

    id: strawberry.ID
    product: KeyProduct
    version: str
    platform: str
    special: bool
    released_on: date
    size_bytes: Decimal
    sha256: str
    entitled: bool

    @classmethod
    def of(cls, row: models.Download, maintained_until: Mapping[KeyProduct, date]) -> Self:
        """From its row, for an account whose keys cover releases up to these days."""
        return cls(
            id=strawberry.ID(to_global(_PREFIX, row.id)),
            product=row.product,
            version=row.version,
            platform=row.platform,
            special=row.special,
            released_on=row.released_on,
            size_bytes=Decimal(row.size_bytes),
            sha256=row.sha256,
            entitled=row.special or _is_covered(row, maintained_until),
        )


def _is_covered(row: models.Download, maintained_until: Mapping[KeyProduct, date]) -> bool:
    covering = (row.product, *_COVERED_BY.get(row.product, ()))
    return any(
        row.released_on <= maintained_until[product]
        for product in covering
        if product in maintained_until
    )
