"""The service's own tables."""

from kit import database


class Base(database.Base):
    """The root of the models of cases."""

    __abstract__ = True
    metadata = database.new_metadata()
