"""The service's own tables."""

from kit import database


class Base(database.Base):
    """The root of licensing's models."""

    __abstract__ = True
    metadata = database.new_metadata()
