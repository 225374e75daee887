"""The fixed words of Swahili.

Not among them: "habari" (news, but also "hello"), "si" and "sio" next to the Spanish "sí", "sita" only as six.
"""

from __future__ import annotations

from actions.lexicons.vocabulary import Vocabulary

WORDS = Vocabulary(
    wishes={
        "again": ("anza", "kuanza", "mwanzo"),
        "menu": ("menyu", "menyu kuu", "menu"),
        "report": ("ripoti", "lalamika", "malalamiko", "lalamiko", "kulalamika", "toa ripoti", "ripoti tatizo"),
        "status": ("hali", "hali ya ripoti", "ripoti yangu", "malalamiko yangu", "lalamiko langu"),
        "human": ("binadamu", "mtu", "mhudumu", "ongea na mtu", "zungumza na mtu", "kuongea na mtu"),
        "language": ("lugha", "badilisha lugha", "badili lugha"),
        "mydata": ("data zangu", "taarifa zangu", "futa", "kufuta", "futa data zangu", "futa taarifa zangu"),
        "stop": ("acha", "simama", "sitisha", "komesha", "ghairi", "koma", "mwisho"),
        "help": ("msaada", "nisaidie", "nisaidieni"),
        "about": ("kuhusu", "kuhusu sisi", "ninyi ni nani", "nyinyi ni nani", "wewe ni nani"),
        "back": ("rudi", "rudi nyuma", "nyuma"),
        "skip": ("ruka", "ifuatayo", "pita"),
        "why": ("kwa nini", "kwanini", "mbona", "kwa nini unauliza", "kwa nini mnauliza", "kwanini unauliza"),
        "subscribe": ("jiunge", "matangazo", "jiandikishe"),
        "unsubscribe": ("jiondoe", "acha matangazo", "sitisha matangazo", "jitoe"),
        "emergency": (
            "dharura", "hatari", "msaada wa haraka", "niko hatarini", "nipo hatarini", "shambulio", "tunashambuliwa",
            "sos", "niokoe", "niokoeni",
        ),
        "exit": ("toka", "xx", "toka haraka", "toka sasa", "ondoka", "funga"),
        "services": ("huduma", "msaada tu", "msaada pekee"),
        "contact": ("mawasiliano", "wasiliana", "wasiliana nasi"),
        "other": ("kwa mtu mwingine", "mtu mwingine", "kwa ajili ya mtu mwingine", "kwa niaba ya mtu mwingine"),
        "redlines": ("mipaka", "mistari myekundu"),
        "withdraw": ("ondoa ripoti", "ondoa ripoti yangu", "ondoa malalamiko", "ondoa lalamiko"),
        "continue": ("endelea", "kuendelea"),
    },
    in_prose=(
        "menyu", "menyu kuu", "menu", "rudi", "rudi nyuma", "ruka", "ifuatayo", "kwa nini", "kwanini",
        "kwa nini unauliza", "kwa nini mnauliza", "kwanini unauliza", "acha", "sitisha", "komesha", "ghairi",
        "toka", "xx", "toka haraka", "toka sasa", "ondoka", "dharura", "msaada wa haraka", "niko hatarini",
        "nipo hatarini", "tunashambuliwa", "niokoe", "niokoeni", "sos", "binadamu", "ongea na mtu", "zungumza na mtu",
        "data zangu",
    ),
    yes=("ndiyo", "ndio", "naam", "ndiyo nimeihifadhi"),
    no=("hapana", "la", "bado", "la bado", "hapana bado"),
    erase=("futa", "ifute", "kufuta"),
    numbers=(
        ("moja",), ("mbili",), ("tatu",), ("nne",), ("tano",), ("sita",), ("saba",), ("nane",), ("tisa",), ("kumi",),
    ),
    and_=("na",),
)  # fmt: skip
