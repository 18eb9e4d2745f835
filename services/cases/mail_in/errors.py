"""Why a mail is not taken. The sender's own server tells them: we write no mail about mail.

MailRefused          for good (5xx)
  UnknownAddress     no mail of ours asked for answers there
  ExpiredAddress     the mail that is answered is too old
  WrongSender        somebody else than the mail was for, or somebody who may do nothing here
  AutomaticMail      nobody wrote it (RFC 3834)
  UnreadableMail     there is nothing in it that could be said in a case
  TextTooLong        more than a comment holds
  NotAllowed         the person sees the case no longer, or may not write to it
MailDeferred         for now (4xx)
"""

from typing import ClassVar


class MailRefused(Exception):
    """`reply` is what the client is told (RFC 5321, RFC 3463)."""

    reply: ClassVar[str]


class UnknownAddress(MailRefused):
    """The address is none of ours, or was altered."""

    reply = "550 5.1.1 There is no such address"


class ExpiredAddress(MailRefused):
    """The address was good for a time."""

    reply = "550 5.1.6 This address has expired: please answer in the portal"


class WrongSender(MailRefused):
    """Only whom we wrote to can answer, from the address that we wrote to."""

    reply = "550 5.7.1 Only the person who got our mail can answer it, from the same address"


class AutomaticMail(MailRefused):
    """A holiday note, a bounce, a mailing list."""

    reply = "550 5.7.1 Automatic mail is not taken here"


class UnreadableMail(MailRefused):
    """No text and no file."""

    reply = "554 5.6.0 There is nothing to read in this mail"


class TextTooLong(MailRefused):
    """The answer, without what it quotes, is longer than a comment may be."""

    reply = "552 5.3.4 The text is too long: please send it as a file"


class NotAllowed(MailRefused):
    """As in the portal."""

    reply = "550 5.7.1 You cannot write to this case"


class MailDeferred(Exception):
    """Not now: the sender's server tries again."""

    reply: ClassVar[str] = "451 4.3.0 Please try again later"
