"""Deployments and their environments, and where a key of theirs can be."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from portal.seed.copying import Row
from portal.seed.identifiers import seeded_id
from portal.seed.scale import Scale
from portal.seed.world import Customer, World
from services.licensing.models import (
    LOGIN_PRODUCTS,
    DeploymentPlatform,
    DeploymentScope,
    KeyProduct,
)

_NAMES = ("Production", "Finance", "Partners’ portal", "Retail analytics", "Ventes Europe")
_ENVIRONMENTS = (("Production", True), ("Staging", False), ("Development", False))


@dataclass(frozen=True, slots=True)
class SeededDeployment:
    """One deployment, by its place among the account's."""

    id: UUID
    index: int
    platform: DeploymentPlatform
    login_based: bool

    def takes(self, product: KeyProduct) -> bool:
        """Whether keys of the product are used there."""
        if self.login_based and product in LOGIN_PRODUCTS:
            return False
        online = self.platform is DeploymentPlatform.ONLINE
        return (
            online
            if product is KeyProduct.CLOUD
            else product is not KeyProduct.SERVER or not online
        )


def deployments_of(customer: Customer, scale: Scale) -> list[SeededDeployment]:
    """The account's deployments; where people sign in to activate, all of them are such."""
    return [_deployment(customer, index) for index in range(scale.deployments_of(customer.share))]


def _deployment(customer: Customer, index: int) -> SeededDeployment:
    # The first is a Server: it takes the keys of those who type them.
    online = index % 4 == 3 or (customer.login_based and customer.index % 2 == 1)
    return SeededDeployment(
        id=seeded_id("deployment", customer.index, index),
        index=index,
        platform=DeploymentPlatform.ONLINE if online else DeploymentPlatform.SERVER,
        login_based=online or customer.login_based or index % 4 == 2,
    )


def deployment_rows(world: World, scale: Scale) -> Iterator[Row]:
    """Servers and sites, used by the customer's own people and by others."""
    for customer in world.customers:
        for each in deployments_of(customer, scale):
            online = each.platform is DeploymentPlatform.ONLINE
            name = _NAMES[each.index % len(_NAMES)]
            number = each.index // len(_NAMES)
            yield {
                "id": each.id,
                "account_id": customer.id,
                "name": f"{name} {number + 1}" if number else name,
                "platform": each.platform,
                "scope": DeploymentScope.EXTERNAL
                if each.index % 3 == 2
                else DeploymentScope.INTERNAL,
                "login_based": each.login_based,
                "site_url": f"https://{customer.number.lower()}-{each.index}.example.com"
                if online
                else None,
                "created_at": customer.created_at,
                "version": 1,
            }


def environment_rows(world: World, scale: Scale) -> Iterator[Row]:
    """One for production, and up to two more."""
    for customer in world.customers:
        for each in deployments_of(customer, scale):
            for name, production in _ENVIRONMENTS[: 1 + (customer.index + each.index) % 3]:
                yield {
                    "deployment_id": each.id,
                    "name": name,
                    "account_id": customer.id,
                    "production": production,
                }
