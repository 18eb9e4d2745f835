"""What a caller who sees a case may do with it."""

from dataclasses import dataclass
from typing import Final

from kit.contract import Capability, PrincipalKind
from kit.principal import Principal
from services.cases.models import Case, CaseAccess, CaseStatus, is_staff

_CREATE: Final = (Capability.CASE_CREATE, Capability.CASE_CREATE_SERVICE)


@dataclass(frozen=True, slots=True)
class Permissions:
    """By verb."""

    edit: bool = False
    comment: bool = False
    upload: bool = False
    share: bool = False
    resolve: bool = False
    #: Whether it is theirs to decide on, in any state.
    owns: bool = False


def permissions(principal: Principal, case: Case, access: CaseAccess | None) -> Permissions:
    """What the caller may do; `access` is what the case is shared with them for, if it is.

    An account that is suspended has lost the right to open cases, and with it every other way
    to write.
    """
    if not is_staff(principal) and not _writes(principal, case):
        return Permissions()
    owns = _owns(principal, case)
    comments = owns or access is CaseAccess.COMMENT
    return Permissions(
        edit=owns and case.status is not CaseStatus.CLOSED,
        comment=comments,
        upload=comments,
        share=owns and principal.kind is not PrincipalKind.MACHINE,
        resolve=owns and not case.has_ended,
        owns=owns,
    )


def _writes(principal: Principal, case: Case) -> bool:
    return any(principal.holds(capability, case.account_id) for capability in _CREATE)


def _owns(principal: Principal, case: Case) -> bool:
    if is_staff(principal):
        return case.queue in principal.queues
    if principal.holds(Capability.CASE_READ_ALL, case.account_id):
        return True
    return case.requester_id == principal.id
