"""The tables of cases: one module per noun, all of them named here."""

from services.cases.models.article import Article
from services.cases.models.case import (
    ENDED,
    Case,
    CaseAccess,
    CaseImpact,
    CaseParticipant,
    CaseQueue,
    CaseStatus,
    case_numbers,
    is_staff,
    queues_of,
)
from services.cases.models.comment import CaseComment, FileRequest
from services.cases.models.export import CaseExport
from services.cases.models.feedback import ArticleFeedback, CaseRating, NotificationPreference
from services.cases.models.file import CaseFile, FileState, Finding, UploadPart, UploadSession
from services.cases.models.history import CaseEvent, CaseEventKind, CaseViewing
from services.cases.models.notice import Notice
from services.cases.models.person import Person, PersonMembership
from services.cases.models.registry import Base
from services.cases.models.service_level import (
    AccountSupport,
    Holiday,
    ServiceTarget,
    SupportPlan,
    Target,
)
from services.cases.models.statistics import CountedCase

__all__ = [
    "ENDED",
    "AccountSupport",
    "Article",
    "ArticleFeedback",
    "Base",
    "Case",
    "CaseAccess",
    "CaseComment",
    "CaseEvent",
    "CaseEventKind",
    "CaseExport",
    "CaseFile",
    "CaseImpact",
    "CaseParticipant",
    "CaseQueue",
    "CaseRating",
    "CaseStatus",
    "CaseViewing",
    "CountedCase",
    "FileRequest",
    "FileState",
    "Finding",
    "Holiday",
    "Notice",
    "NotificationPreference",
    "Person",
    "PersonMembership",
    "ServiceTarget",
    "SupportPlan",
    "Target",
    "UploadPart",
    "UploadSession",
    "case_numbers",
    "is_staff",
    "queues_of",
]
