"""All of licensing's tables, in the order in which they name each other."""

from collections.abc import Iterator

from portal.seed.copying import Copier, Row
from portal.seed.licensing import deployments, downloads, histories, key_rows, people
from portal.seed.licensing.keys import SeededKey, keys_of
from portal.seed.scale import Scale
from portal.seed.world import World
from services.licensing.key_vault import KeyVault
from services.licensing.models import (
    Activation,
    Assignment,
    Deployment,
    DeploymentEnvironment,
    Download,
    DownloadEntitlement,
    KeyGroup,
    KeyGroupManager,
    KeySeats,
    LoginEvent,
    ProductKey,
    Registration,
    SeatAssignment,
)


async def load(copier: Copier, world: World, scale: Scale) -> None:
    """Fill the empty database. Keys are made anew for each table: none is kept in memory."""
    accounts, keys = len(world.customers), scale.keys
    await copier.rows(Deployment, deployments.deployment_rows(world, scale), accounts)
    await copier.rows(DeploymentEnvironment, deployments.environment_rows(world, scale), accounts)
    await copier.rows(KeyGroup, people.group_rows(world), accounts)
    await copier.rows(KeyGroupManager, people.manager_rows(world), accounts)
    await copier.rows(ProductKey, _keys(copier, world, scale), keys)
    await copier.rows(KeySeats, _seats(world, scale), keys)
    await copier.rows(Assignment, _assignments(world, scale), keys)
    await copier.rows(Registration, _registrations(world, scale), keys)
    await copier.rows(Activation, _activations(world, scale), keys)
    await copier.rows(LoginEvent, people.login_event_rows(world, scale), accounts)
    await copier.rows(SeatAssignment, people.seat_assignment_rows(world, scale), accounts)
    await copier.rows(Download, downloads.download_rows(world), 1)
    await copier.rows(DownloadEntitlement, downloads.entitlement_rows(world), accounts)


def _every_key(world: World, scale: Scale) -> Iterator[SeededKey]:
    for customer in world.customers:
        yield from keys_of(customer, world, scale)


def _keys(copier: Copier, world: World, scale: Scale) -> Iterator[Row]:
    told = copier.environment
    vault = KeyVault.parse(told["LICENSING_KEY_SECRETS"], told["LICENSING_KEY_HASH_SECRET"])
    for key in _every_key(world, scale):
        yield key_rows.key_row(key, histories.history_of(key, world), world, vault)


def _seats(world: World, scale: Scale) -> Iterator[Row]:
    for key in _every_key(world, scale):
        yield from key_rows.seat_rows(key)


def _assignments(world: World, scale: Scale) -> Iterator[Row]:
    for key in _every_key(world, scale):
        yield from key_rows.assignment_rows(key)


def _registrations(world: World, scale: Scale) -> Iterator[Row]:
    for key in _every_key(world, scale):
        yield from histories.registration_rows(key, histories.history_of(key, world))


def _activations(world: World, scale: Scale) -> Iterator[Row]:
    for key in _every_key(world, scale):
        yield from histories.activation_rows(key, histories.history_of(key, world))
    yield from people.login_activation_rows(world, scale)
