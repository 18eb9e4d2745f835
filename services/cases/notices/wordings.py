"""What the mails about cases say. Customers read of the staff as one: of nobody by name."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from kit.messages import N_
from kit.notices.letters import Wording

OPENED: Final = "opened"
COMMENTED: Final = "commented"
NOTED: Final = "noted"
ANSWERED: Final = "answered"
FILES_REQUESTED: Final = "files-requested"
WAITING: Final = "waiting"
RESOLVED: Final = "resolved"
CLOSED: Final = "closed"

#: What people type in their answer ends here.
ANSWER_ABOVE: Final = N_("— Write your answer above this line —")

_HELLO: Final = N_("Hello,")
_SUBJECT: Final = N_("Case {number}: {subject}")
_LOOK: Final = N_("Look at the case:")
_SAID: Final = "{body}"

_TO_DESKS: Final[Mapping[str, Wording]] = {
    OPENED: Wording(_SUBJECT, (N_("{person} has opened this case:"), _SAID), _LOOK),
    COMMENTED: Wording(_SUBJECT, (N_("{person} wrote in this case:"), _SAID), _LOOK),
    NOTED: Wording(_SUBJECT, (N_("{person} has written an internal note."),), _LOOK),
}

_TO_READERS: Final[Mapping[str, Wording]] = {
    ANSWERED: Wording(_SUBJECT, (_HELLO, N_("Our support has answered:"), _SAID), _LOOK),
    FILES_REQUESTED: Wording(
        _SUBJECT,
        (_HELLO, N_("Our support asks you for files:"), _SAID, N_("You can attach them.")),
        _LOOK,
    ),
    WAITING: Wording(_SUBJECT, (_HELLO, N_("Our support waits for your answer.")), _LOOK),
    RESOLVED: Wording(
        _SUBJECT,
        (_HELLO, N_("This case is resolved. If it is not, an answer opens it again.")),
        _LOOK,
    ),
    CLOSED: Wording(
        _SUBJECT, (_HELLO, N_("This case is closed. An answer opens it again.")), _LOOK
    ),
}


def wordings(*, answerable: bool) -> Mapping[str, Wording]:
    """By name; those that can be answered by mail say where the answer ends."""
    readers = _TO_READERS
    if answerable:
        readers = {
            name: replace(wording, paragraphs=(ANSWER_ABOVE, *wording.paragraphs))
            for name, wording in readers.items()
        }
    return {**_TO_DESKS, **readers}
