"""The knowledge base, in both languages."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from portal.seed.copying import Row
from portal.seed.identifiers import seeded_id
from portal.seed.world import World

#: title, snippet, other words, title and snippet and other words in French, address.
_ARTICLES: Final = (
    (
        "Managing users of the portal",
        "Add people, change what they may do, and remove them.",
        "users administrator invite permission role my account customer account center",
        "Gérer les utilisateurs du portail",
        "Ajouter des personnes, modifier leurs droits et les retirer.",
        "utilisateurs administrateur inviter droits rôle mon compte",
        "managing-users",
    ),
    (
        "Administering product keys",
        "See, assign and organise the keys of your account.",
        "product key license licence assign owner registration my keys",
        "Administrer les clés de produit",
        "Voir, attribuer et organiser les clés de votre compte.",
        "clé produit licence attribuer propriétaire inscription",
        "administering-product-keys",
    ),
    (
        "Submitting a case",
        "Where to ask for help, and what to tell us.",
        "creating cases support request ticket help customer service",
        "Ouvrir une demande d’assistance",
        "Où demander de l’aide et que nous dire.",
        "demande assistance ticket aide service client",
        "submitting-a-case",
    ),
    (
        "Viewing and paying invoices",
        "Find an invoice, print a copy and pay by card.",
        "invoice billing payment card purchase order receipt",
        "Consulter et payer les factures",
        "Trouver une facture, en imprimer une copie et payer par carte.",
        "facture facturation paiement carte bon de commande",
        "paying-invoices",
    ),
    (
        "Uploading large files to a case",
        "Files of any size, also over connections that break.",
        "upload attach log file size interrupted resume",
        "Envoyer des fichiers volumineux",
        "Des fichiers de toute taille, même si la connexion est interrompue.",
        "envoyer joindre journal fichier taille reprise",
        "uploading-large-files",
    ),
    (
        "Login-based license management",
        "Activate by signing in instead of with keys.",
        "login based activation online creator role lblm",
        "Gestion des licences par connexion",
        "Activer en se connectant, sans clés.",
        "connexion activation online créateur lblm",
        "login-based-licenses",
    ),
    (
        "Activating without a connection",
        "Request file, response file and return file.",
        "offline activation firewall air gap file return deactivate",
        "Activer hors connexion",
        "Fichier de demande, de réponse et de retour.",
        "hors ligne activation pare-feu fichier retour désactiver",
        "offline-activation",
    ),
    (
        "Maximum number of activations reached",
        "Why a key cannot be activated again, and how to free an activation.",
        "maximum activations exceeded fulfilment laptop replaced deactivate",
        "Nombre maximal d’activations atteint",
        "Pourquoi une clé ne s’active plus et comment libérer une activation.",
        "maximum activations dépassé ordinateur remplacé désactiver",
        "maximum-activations",
    ),
    (
        "Extract refreshes fail",
        "What the error codes of scheduled refreshes mean.",
        "extract refresh schedule error 0x1A7F upgrade server",
        "Échec de l’actualisation des extraits",
        "Ce que signifient les codes d’erreur des actualisations planifiées.",
        "extrait actualisation planification erreur 0x1A7F mise à jour",
        "extract-refreshes",
    ),
    (
        "Renewing certificates of the server",
        "Replace a certificate and its chain without locking users out.",
        "certificate tls chain gateway start locked out",
        "Renouveler les certificats du serveur",
        "Remplacer un certificat et sa chaîne sans bloquer les utilisateurs.",
        "certificat tls chaîne démarrage bloqué",
        "renewing-certificates",
    ),
    (
        "Making dashboards faster",
        "Where the time goes when a view loads.",
        "slow performance dashboard view load morning cache",
        "Accélérer les tableaux de bord",
        "Où passe le temps quand une vue se charge.",
        "lent performance tableau de bord vue cache",
        "faster-dashboards",
    ),
    (
        "Reports and exports",
        "Keys and users as a spreadsheet, with their history.",
        "report export csv xls spreadsheet history",
        "Rapports et exports",
        "Clés et utilisateurs dans un tableur, avec leur historique.",
        "rapport export csv xls tableur historique",
        "reports",
    ),
)
_SITE: Final = "https://help.example.com"


def articles(world: World) -> Iterator[Row]:
    """Each in English and in French; the last is not published yet."""
    for n, (title, snippet, words, titre, extrait, mots, path) in enumerate(_ARTICLES):
        yield _row(world, 2 * n, "en", (title, snippet, words), path)
        yield _row(world, 2 * n + 1, "fr", (titre, extrait, mots), path)
    draft = ("What is new next year", "To be announced.", "roadmap release")
    yield _row(world, 2 * len(_ARTICLES), "en", draft, "roadmap", published=False)


def _row(
    world: World,
    n: int,
    language: str,
    words: tuple[str, str, str],
    path: str,
    *,
    published: bool = True,
) -> Row:
    title, snippet, keywords = words
    at = world.now - timedelta(days=400 - 7 * n)
    return {
        "id": seeded_id("article", n),
        "title": title,
        "snippet": snippet,
        "body": f"{title}. {snippet}",
        "keywords": keywords,
        "language": language,
        "url": f"{_SITE}/{language}/{path}",
        "product_id": None,
        "published": published,
        "created_at": at,
        "updated_at": at,
    }
