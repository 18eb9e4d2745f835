"""Licensing's tables: one module per noun, all of them named here."""

from services.licensing.models.activation import (
    Activation,
    ActivationMethod,
    ActivationState,
    LoginAction,
    LoginEvent,
    OfflineActivation,
)
from services.licensing.models.assignment import Assignment
from services.licensing.models.deployment import (
    Deployment,
    DeploymentEnvironment,
    DeploymentPlatform,
    DeploymentScope,
)
from services.licensing.models.download import Download, DownloadEntitlement
from services.licensing.models.export import KeyExport
from services.licensing.models.group import KeyGroup, KeyGroupManager
from services.licensing.models.key import (
    EARLY,
    LOGIN_PRODUCTS,
    KeyProduct,
    KeyState,
    ProductKey,
)
from services.licensing.models.registration import Registration
from services.licensing.models.registry import Base
from services.licensing.models.seat import KeySeats, SeatAssignment

__all__ = [
    "EARLY",
    "LOGIN_PRODUCTS",
    "Activation",
    "ActivationMethod",
    "ActivationState",
    "Assignment",
    "Base",
    "Deployment",
    "DeploymentEnvironment",
    "DeploymentPlatform",
    "DeploymentScope",
    "Download",
    "DownloadEntitlement",
    "KeyExport",
    "KeyGroup",
    "KeyGroupManager",
    "KeyProduct",
    "KeySeats",
    "KeyState",
    "LoginAction",
    "LoginEvent",
    "OfflineActivation",
    "ProductKey",
    "Registration",
    "SeatAssignment",
]
