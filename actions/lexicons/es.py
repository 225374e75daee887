"""The fixed words of Spanish.

Not among them: "para" (stop, but also "for"), "alto" (stop, but also "tall"). "Socorro" is also a woman's name and acts
inside an answer nonetheless: a cry that is not heard is worse than a name that has to come with the surname.
"""

from __future__ import annotations

from actions.lexicons.vocabulary import Vocabulary

WORDS = Vocabulary(
    wishes={
        "again": ("empezar", "comenzar", "iniciar", "inicio"),
        "menu": ("menú", "menú principal"),
        "report": ("denunciar", "reportar", "queja", "denuncia", "reclamo", "quejarme", "informar de un problema"),
        "status": ("estado", "seguimiento", "mi reporte", "mi queja", "mi denuncia", "mi informe"),
        "human": ("humano", "persona", "una persona", "agente", "alguien", "hablar con una persona"),
        "language": ("idioma", "idiomas", "lengua", "cambiar idioma", "cambiar de idioma"),
        "mydata": ("mis datos", "borrar", "eliminar", "borrar mis datos", "eliminar mis datos"),
        "stop": ("parar", "stop", "detener", "cancelar", "terminar", "fin"),
        "help": ("ayuda", "ayúdame", "ayúdenme"),
        "about": ("acerca de", "quiénes son", "quién eres", "quiénes son ustedes", "sobre ustedes"),
        "back": ("atrás", "volver", "anterior", "regresar"),
        "skip": ("saltar", "omitir", "siguiente", "pasar"),
        "why": ("por qué", "porque", "por qué preguntan", "por qué lo preguntan", "por qué pregunta"),
        "subscribe": ("suscribir", "suscribirme", "suscribirse", "anuncios", "noticias"),
        "unsubscribe": ("darse de baja", "darme de baja", "cancelar suscripción", "parar anuncios", "baja"),
        "emergency": ("emergencia", "auxilio", "socorro", "sos", "peligro", "ataque", "urgencia", "estoy en peligro"),
        "exit": ("cerrar", "xx", "salir", "salir ya", "salida rápida"),
        "services": ("servicios", "solo ayuda", "servicio"),
        "contact": ("contacto", "contactos", "contactar"),
        "other": ("para otra persona", "por otra persona", "otra persona", "para alguien más"),
        "redlines": ("límites", "líneas rojas"),
        "withdraw": ("retirar", "retirar mi queja", "retirar mi denuncia"),
        "continue": ("continuar", "seguir", "reanudar", "continúa"),
    },
    in_prose=(
        "menú", "menú principal", "atrás", "saltar", "omitir", "siguiente", "por qué", "por qué preguntan",
        "por qué lo preguntan", "por qué pregunta", "parar", "stop", "detener", "cancelar",
        "cerrar", "xx", "salir ya", "salida rápida", "emergencia", "auxilio", "socorro", "sos", "humano",
        "hablar con una persona", "mis datos",
    ),
    yes=("sí", "s", "sí lo he guardado", "sí lo guardé"),
    no=("no", "n", "aún no", "todavía no"),
    erase=("borrar", "bórralo", "bórrelo", "eliminar", "elimínalo", "elimínelo"),
    numbers=(
        ("uno", "una", "un"), ("dos",), ("tres",), ("cuatro",), ("cinco",), ("seis",), ("siete",), ("ocho",),
        ("nueve",), ("diez",),
    ),
    and_=("y", "e"),
)  # fmt: skip
