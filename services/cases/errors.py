"""The refusals of cases.

PersonRequired       programs read cases, people hold conversations
WrongQueue           the right is for another desk
InternalRefused      notes are among the staff
ReadOnly             the case is shared for reading, or the account is suspended
EmptyText            there is nothing but spaces
TextTooLong          longer than is kept
InvalidSize          not a number of bytes
FileTooLarge         larger than one file may be
TooManyUploads       others have to be finished first
InvalidChecksum      not the SHA-256 of anything
UploadIncomplete     the rest has not arrived
WrongBytes           what arrived is not what was announced
CaseIsClosed         nothing of it is edited any more
CaseHasEnded         no work is left in it
CaseGoesOn           it has not ended yet
WrongStatus          not from here
InvalidSeverity      not from 1 to 4
InvalidScore         not from 1 to 5
SharedWithRequester  the case is theirs anyway
"""

from collections.abc import Sequence

from kit.contract import ErrorCode
from kit.errors import DomainError, Forbidden, Invalid
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


class InvalidSize(Invalid):
    """A size is negative, or no whole number."""

    sentence = N_("A size is a whole number of bytes.")


class FileTooLarge(DomainError):
    """A file is larger than one may be here."""

    code = ErrorCode.FILE_REJECTED
    sentence = N_("A file has at most {most} bytes.")


class TooManyUploads(DomainError):
    """A person has begun as many uploads as they may."""

    code = ErrorCode.RATE_LIMITED
    sentence = N_("You have {most} unfinished uploads: finish or cancel one of them first.")


class InvalidChecksum(Invalid):
    """A checksum is not written as one."""

    sentence = N_("A SHA-256 is 64 hexadecimal digits.")


class UploadIncomplete(DomainError):
    """Bytes are missing still."""

    code = ErrorCode.WRONG_STATE
    sentence = N_("{offset} of {length} bytes have arrived: resume the upload from there.")


class WrongBytes(DomainError):
    """The file that arrived has another SHA-256 than was announced."""

    code = ErrorCode.CHECKSUM_MISMATCH
    sentence = N_("The file that arrived is not the one that was announced: upload it again.")


class CaseIsClosed(DomainError):
    """A closed case is edited."""

    code = ErrorCode.WRONG_STATE
    sentence = N_("This case is closed: a comment opens it again.")


class CaseHasEnded(DomainError):
    """Somebody asks for work in a case that was resolved or closed."""

    code = ErrorCode.WRONG_STATE
    sentence = N_("This case has ended already.")


class CaseGoesOn(DomainError):
    """A case is rated before its end."""

    code = ErrorCode.WRONG_STATE
    sentence = N_("You can rate this case once it is resolved or closed.")


class WrongStatus(DomainError):
    """A case cannot get there from where it is."""

    code = ErrorCode.WRONG_STATE
    sentence = N_("A case cannot go from {before} to {after}.")


class InvalidSeverity(Invalid):
    """A severity out of range."""

    sentence = N_("A severity is from 1, the most severe, to 4.")


class InvalidScore(Invalid):
    """A score out of range."""

    sentence = N_("A score is from 1 to 5.")


class SharedWithRequester(Invalid):
    """The person who asked for help needs no share, and loses none."""

    sentence = N_("This person asked for help: the case is theirs.")
