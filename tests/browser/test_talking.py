"""A person with a small phone, from the first tap to the receipt."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.pages import Console, Talk, assert_fits, faults
from tests.whole.people import REPORT

pytestmark = [pytest.mark.browser, pytest.mark.slow]
_DATES = r"We first look at it by (\w+, \w+ \d+, \d+)\. You get an answer by (\w+, \w+ \d+, \d+)\."


def test_somebody_reports_by_touching_buttons_and_gets_a_receipt(talk: Callable[..., Talk]) -> None:
    """
    On my small phone I touched the buttons, wrote three short answers, and got a number, a code, two dates and what
    you cannot do.
    """
    person = talk()

    given = person.report()

    dates = re.search(_DATES, given.words)
    assert dates
    assert dates[1] != dates[2]
    assert "What we cannot do: we cannot" in given.words
    person.all_sent()
    assert_fits(person.page, 320)
    assert faults(person.page) == []


def test_somebody_reports_by_typing_numbers_only(talk: Callable[..., Talk]) -> None:
    """
    I cannot press those buttons well, so I typed the numbers in front of them and skipped what I did not want to say.
    """
    person = talk()

    given = person.report({"what": "The rice was wet.", "when": "yesterday"}, numbers=True)

    assert given.code
    assert "Yesterday" in person.asked("review").inner_text()
    assert person.letters.filter(has_text="Ask with your code").count() == 1
    assert re.fullmatch(r"(\d+\n?|The rice was wet\.\n?)+", "\n".join(person.mine.locator(".words").all_inner_texts()))


def test_somebody_reports_in_french(talk: Callable[..., Talk]) -> None:
    """
    Mon téléphone est en français : la page aussi, et toute la conversation, le reçu compris.
    """
    person = talk(locale="fr-TD")
    expect(person.page.locator("#leave")).to_have_text("Quitter")
    expect(person.page.locator("html")).to_have_attribute("lang", "fr")

    given = person.report({
        **REPORT, "language": "fr", "what": "Le riz était mouillé.", "where": "À Moundou", "wish": "Du riz sec",
    })  # fmt: skip

    assert "Vous recevez une réponse au plus tard le" in given.words
    assert not re.search(r"\b(the|your|What|we)\b", given.words.partition("agit-il")[2]), given.words
    assert set(person.page.locator(".letter:not([lang=''])").evaluate_all("all => all.map(one => one.lang)")) == {"fr"}


def test_the_page_follows_the_language_that_was_chosen(talk: Callable[..., Talk]) -> None:
    """
    The phone is not mine and speaks English; I tap my language, and the page's own words follow.
    """
    person = talk(locale="en-GB")
    expect(person.page.locator("#leave")).to_have_text("Leave")

    person.begin("fr")

    expect(person.page.locator("#leave")).to_have_text("Quitter")
    expect(person.page.locator("html")).to_have_attribute("lang", "fr")


def test_a_photo_is_seen_by_staff_drawn_anew(talk: Callable[..., Talk], desk: Console) -> None:
    """
    I sent a photo of the rice; staff see it, and not the place and the phone's name my camera had hidden in it.
    """
    person = talk()
    person.report(until="what")

    person.attach("IMG_2026_secret_name.jpg", "image/jpeg", _photo())
    expect(person.mine.last).to_have_attribute("data-state", "sent")
    person.say("The rice was wet, see the photo.")
    given = person.report()

    page = desk.go(f"/cases/{given.reference}")
    page.get_by_text("Show the photo").first.click()
    shown = page.get_by_alt_text("The photo the person sent").first
    expect(shown).to_be_visible()
    page.wait_for_function("(one) => one.complete && one.naturalWidth > 0", arg=shown.element_handle())
    drawn = page.request.get(desk.url + str(shown.get_attribute("src"))).body()
    assert Image.open(io.BytesIO(drawn)).size == (320, 240)
    assert Image.open(io.BytesIO(drawn)).getpixel((10, 10))[0] > 150
    assert b"canary" not in drawn
    assert "secret_name" not in page.content()


def _photo() -> bytes:
    """A picture with the name of a phone in it."""
    about = Image.Exif()
    about[0x010F] = "canary-phone"
    photo = io.BytesIO()
    Image.new("RGB", (320, 240), (200, 150, 90)).save(photo, "JPEG", exif=about)
    assert b"canary" in photo.getvalue()
    return photo.getvalue()
