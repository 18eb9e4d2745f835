"""What people write in cases, in both languages, and what some of them write to try us."""

from dataclasses import dataclass
from typing import Final

from services.cases.models import CaseQueue


@dataclass(frozen=True, slots=True)
class Topic:
    """What a case is about."""

    subject: str
    description: str
    type: str
    detail: str


_TECHNICAL_EN: Final = (
    Topic(
        "Extract refresh fails after the upgrade",
        "Since we upgraded on Monday every scheduled refresh ends with error 0x1A7F. Twelve people "
        "are affected. We restarted the service and cleared the temporary folder.",
        "Server",
        "Refresh",
    ),
    Topic(
        "Server does not start after the certificate was renewed",
        "The gateway process ends at once with “certificate chain incomplete”. All users are "
        "locked out.",
        "Server",
        "Start",
    ),
    Topic(
        "Dashboards are slow in the morning",
        "Between eight and nine a view takes a minute to load; later it takes three seconds.",
        "Performance",
        "Views",
    ),
    Topic(
        "How do we move workbooks to another project?",
        "We have about 400 workbooks to move and would like to keep their subscriptions.",
        "Question",
        "Administration",
    ),
    Topic(
        "Desktop closes without a message when a file is opened",
        "Happens with one workbook only, on three machines. The log is attached.",
        "Desktop",
        "Crash",
    ),
)
_TECHNICAL_FR: Final = (
    Topic(
        "L’actualisation des extraits échoue depuis la mise à jour",
        "Depuis lundi, chaque actualisation planifiée se termine par l’erreur 0x1A7F. Douze "
        "personnes sont touchées. Nous avons redémarré le service.",
        "Server",
        "Refresh",
    ),
    Topic(
        "Les tableaux de bord sont lents le matin",
        "Entre huit et neuf heures, une vue met une minute à s’afficher.",
        "Performance",
        "Views",
    ),
    Topic(
        "Comment déplacer des classeurs vers un autre projet ?",
        "Environ 400 classeurs sont à déplacer, avec leurs abonnements.",
        "Question",
        "Administration",
    ),
)
_SERVICE_EN: Final = (
    Topic(
        "Our purchase order number is missing on the invoice",
        "Accounting needs the order number on the invoice before it can be paid.",
        "Invoice",
        "Correction",
    ),
    Topic(
        "Please change the billing contact",
        "Our billing contact has left the company. The signed letter is attached.",
        "Account",
        "Contact",
    ),
)
_SERVICE_FR: Final = (
    Topic(
        "Le numéro de bon de commande manque sur la facture",
        "La comptabilité en a besoin pour le règlement.",
        "Facture",
        "Correction",
    ),
)
_LICENSING_EN: Final = (
    Topic(
        "Activation Summary Report",
        "Please send the activation summary of all our keys.",
        "Report",
        "Activation summary",
    ),
    Topic(
        "Maximum number of activations reached",
        "The laptop was replaced and the old one is gone: the key cannot be activated again.",
        "Activation",
        "Limit",
    ),
)
_LICENSING_FR: Final = (
    Topic(
        "Nombre maximal d’activations atteint",
        "L’ordinateur portable a été remplacé : la clé ne s’active plus.",
        "Activation",
        "Limit",
    ),
)

_TOPICS: Final = {
    (CaseQueue.TECHNICAL_SUPPORT, "en"): _TECHNICAL_EN,
    (CaseQueue.TECHNICAL_SUPPORT, "fr"): _TECHNICAL_FR,
    (CaseQueue.CUSTOMER_SERVICE, "en"): _SERVICE_EN,
    (CaseQueue.CUSTOMER_SERVICE, "fr"): _SERVICE_FR,
    (CaseQueue.LICENSING, "en"): _LICENSING_EN,
    (CaseQueue.LICENSING, "fr"): _LICENSING_FR,
}

#: What shows whether clients and searches take text for text.
ODD_SUBJECTS: Final = (
    "100 % CPU on node_2",
    "<script>alert('portal')</script>",
    "**Bold** or not? [a link](https://example.com)",
    "鍵が見つかりません",
    "لا يمكن تنشيط المفتاح",
    "x",
    "Licence “Café” – naïve façade 🙈",
    "Very long " + "and longer " * 22 + "still",
)

_CUSTOMER_EN: Final = (
    "Any news on this?",
    "We tried this: no change.",
    "The log of this morning is attached.",
    "It works again on two of the three machines.",
    "This is blocking our month-end closing.",
)
_CUSTOMER_FR: Final = (
    "Avez-vous des nouvelles ?",
    "Nous avons essayé : aucun changement.",
    "Le journal de ce matin est en pièce jointe.",
    "Cela bloque notre clôture mensuelle.",
)
_STAFF_EN: Final = (
    "Thank you for the details. Could you send the log files of the server?",
    "We could reproduce this and are working on a correction.",
    "Please try the steps of the attached note and tell us how it went.",
    "A correction is part of the next maintenance release.",
)
_STAFF_FR: Final = (
    "Merci pour ces précisions. Pourriez-vous envoyer les journaux du serveur ?",
    "Nous avons reproduit le problème et préparons un correctif.",
    "Merci de suivre la note jointe et de nous dire ce qu’il en est.",
)
NOTES: Final = (
    "Same stack trace as another customer’s: engineering knows.",
    "Customer is up for renewal next month: handle with care.",
    "Waiting for engineering: on hold until they answer.",
)
FILE_NAMES: Final = (
    "server.log",
    "Capture d’écran 2026-11-03.png",
    "résumé.pdf",
    "ログ.txt",
    "-rf.zip",
    "report “final” (2).xlsx",
    "invoice.html",
)


def topic(queue: CaseQueue, language: str, place: int) -> Topic:
    """One of what cases of this queue are about."""
    topics = _TOPICS[queue, language if language == "fr" else "en"]
    return topics[place % len(topics)]


def said(by_staff: bool, language: str, place: int) -> str:
    """One of what people answer."""
    french = language == "fr"
    words: tuple[str, ...]
    if by_staff:
        words = _STAFF_FR if french else _STAFF_EN
    else:
        words = _CUSTOMER_FR if french else _CUSTOMER_EN
    return words[place % len(words)]
