"""Mails about cases that are to be sent."""

from kit.notices.row import NoticeRow
from services.cases.models.registry import Base


class Notice(NoticeRow, Base, kw_only=True):
    """A mail about a case."""

    __tablename__ = "notices"
