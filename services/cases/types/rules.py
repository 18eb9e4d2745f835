"""Whom the types and fields of cases are for. Row rules say which cases somebody finds."""

from typing import Final

from kit.contract import Capability
from kit.subgraph.rules import any_of

#: Lists and look-ups.
READING: Final = (Capability.CASE_READ_ALL, Capability.CASE_READ_OWN, Capability.STAFF_CASE)
READERS: Final = any_of(*READING)

#: A case itself: who opens one is shown what became of it, also without reading others.
PARTIES: Final = any_of(*READING, Capability.CASE_CREATE, Capability.CASE_CREATE_SERVICE)

STAFF: Final = any_of(Capability.STAFF_CASE)

#: Whoever opens cases may write in those that they see.
CREATORS: Final = any_of(Capability.CASE_CREATE, Capability.CASE_CREATE_SERVICE)
WRITERS: Final = any_of(
    Capability.CASE_CREATE, Capability.CASE_CREATE_SERVICE, Capability.STAFF_CASE
)
