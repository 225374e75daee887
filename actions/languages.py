"""The languages by their own names, and how each asks to be picked; these stand beside each other, so untranslated."""

from __future__ import annotations

NAMES = {"en": "English", "fr": "Français", "es": "Español", "ar": "العربية", "sw": "Kiswahili"}
PICK = {
    "en": "Choose your language",
    "fr": "Choisissez votre langue",
    "es": "Elija su idioma",
    "ar": "اختر لغتك",
    "sw": "Chagua lugha yako",
}
