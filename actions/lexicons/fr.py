"""The fixed words of French."""

from __future__ import annotations

from actions.lexicons.vocabulary import Vocabulary

WORDS = Vocabulary(
    wishes={
        "again": ("commencer", "démarrer", "début"),
        "menu": ("menu", "menu principal"),
        "report": ("signaler", "plainte", "plaindre", "porter plainte", "signaler un problème"),
        "status": ("suivi", "statut", "mon signalement", "ma plainte"),
        "human": ("humain", "personne", "agent", "quelqu'un", "conseiller", "conseillère", "parler à quelqu'un"),
        "language": ("langue", "langues", "changer de langue"),
        "mydata": ("mes données", "effacer", "supprimer", "effacer mes données", "supprimer mes données"),
        "stop": ("stop", "arrêter", "arrête", "arrêt", "arrêtez", "annuler", "fin"),
        "help": ("aide", "aidez-moi"),
        "about": ("à propos", "à propos de vous", "qui êtes-vous"),
        "back": ("retour", "revenir", "précédent"),
        "skip": ("passer", "suivant", "sauter"),
        "why": ("pourquoi", "pourquoi cette question", "pourquoi demandez-vous cela"),
        "subscribe": ("s'abonner", "abonner", "nouvelles", "annonces"),
        "unsubscribe": ("se désabonner", "désabonner", "stop nouvelles", "stop annonces"),
        "emergency": (
            "urgence", "au secours", "à l'aide", "danger", "attaque", "sos", "je suis en danger", "en danger",
        ),
        "exit": ("quitter", "xx", "quitter vite", "sortie rapide"),
        "services": ("services", "aide seulement", "seulement de l'aide", "service"),
        "contact": ("contact", "contacts", "nous contacter", "nous joindre"),
        "other": ("pour quelqu'un d'autre", "quelqu'un d'autre", "pour une autre personne", "pour autrui"),
        "redlines": ("limites", "lignes rouges"),
        "withdraw": ("retirer", "retirer ma plainte", "retirer mon signalement"),
        "continue": ("continuer", "continue", "reprendre", "poursuivre"),
    },
    in_prose=(
        "menu", "menu principal", "retour", "revenir", "précédent", "passer", "suivant", "sauter", "pourquoi",
        "pourquoi cette question", "pourquoi demandez-vous cela", "stop", "arrêter", "arrête", "arrêtez", "annuler",
        "quitter", "xx", "quitter vite", "sortie rapide", "urgence", "au secours", "à l'aide", "sos", "humain",
        "parler à quelqu'un", "mes données",
    ),
    yes=("oui", "o", "oui je l'ai gardé"),
    no=("non", "n", "pas encore"),
    erase=("effacer", "effacez", "supprimer", "supprimez"),
    numbers=(
        ("un", "une"), ("deux",), ("trois",), ("quatre",), ("cinq",), ("six",), ("sept",), ("huit",), ("neuf",),
        ("dix",),
    ),
    and_=("et",),
)  # fmt: skip
