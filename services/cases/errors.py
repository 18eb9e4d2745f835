"""The refusals of cases.

PersonRequired       programs read cases, people hold conversations
WrongQueue           the right is for another desk
InternalRefused      notes are among the staff
ReadOnly             the case is shared for reading, or the account is suspended
EmptyText            there is nothing but spaces
TextTooLong          longer than is kept
"""

from collections.abc import Sequence

from kit.errors import Forbidden, Invalid
from kit.messages import N_


class PersonRequired(Forbidden):
    """A machine client wants to speak."""

    sentence = N_("Cases are opened and answered by people, not by programs.")


class WrongQueue(Forbidden):
    """The caller may write to customer service only."""

    sentence = N_("You may open cases for customer service only.")


class InternalRefused(Forbidden):
    """An internal note by somebody who is not staff."""

    sentence = N_("Only staff can write internal notes.")


class ReadOnly(Forbidden):
    """The caller sees the case and cannot write to it."""

    sentence = N_("You may read this case, but not write to it.")


class EmptyText(Invalid):
    """A text that must say something does not."""

    sentence = N_("This cannot be empty.")


class TextTooLong(Invalid):
    """A text is longer than is kept."""

    sentence = N_("This has at most {most} characters.")

    def __init__(self, *, path: Sequence[str], most: int) -> None:
        super().__init__(path=path, most=most)
