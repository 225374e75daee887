"""A report about a member of staff does not reach that member; and no report is lost for want of a reader."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from actions.naming import names
from store import conflicts
from store.db import Store
from store.schema import staff as staff_rows
from tests.store.office import Office


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("It was Ada Lovelace who asked for money.", "Ada Lovelace"),
        ("ada lovelace", "Ada Lovelace"),
        ("LOVELACE, Ada", "Ada Lovelace"),
        ("Lovelace took it. They call her Ada.", "Ada Lovelace"),
        ("She wrote:\nAda Lovelace was there", "Ada Lovelace"),
        ("the driver (Ada_Lovelace)", "Ada Lovelace"),
        ("Ada-Lovelace", "Ada Lovelace"),
        ("zoe brontë", "Zoë Bronte"),
        ("Zoë Brontë", "ZOE BRONTE"),
        ("C'est Moïse N'Djamena", "Moise N'Djamena"),
        ("محمد علي طلب مالا", "محمد علي"),
        ("it was José Ñandú", "Jose Nandu"),
        ("Anna Straße", "ANNA STRASSE"),
    ],
)
def test_a_name_is_found_however_it_is_written(words: str, name: str) -> None:
    """In any order, case and with or without accents, alone or in a sentence."""
    assert names(words, name)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Ada asked for money.", "Ada Lovelace"),
        ("Mrs Lovelace", "Ada Lovelace"),
        ("Adam Lovelaces", "Ada Lovelace"),
        ("", "Ada Lovelace"),
        ("In May the rain may come.", "May"),
        ("anything at all", ""),
        ("anything at all", " . 1 "),
    ],
)
def test_half_a_name_or_another_is_none(words: str, name: str) -> None:
    """Half the people of a place may share a first name: nobody is shut out for that."""
    assert not names(words, name)


@pytest.fixture
def office(store: Store) -> Office:
    """Two members at the general desk, one at the desk about us, one at another."""
    made = Office(store).desk("general", "about_us", "women")
    made.member("ann", "general", called="Ann Amsel").member("ben", "general", called="Ben Berg")
    return made.member("uma", "about_us", called="Uma Uhl").member("wen", "women", called="Wen Wu")


def _sorted(office: Office, words: str, desk: str = "general") -> tuple[str, list[str]]:
    where, shut = office.store.read(lambda tx: conflicts.sorted_out(tx, desk, words))
    return where, sorted(shut)


def test_words_that_name_nobody_stay_where_they_are(office: Office) -> None:
    """A report about the water goes to the desk for water, and everybody there reads it."""
    assert ("general", []) == _sorted(office, "There is no water at the well.")


def test_who_is_named_is_shut_out_and_their_colleagues_read_it(office: Office) -> None:
    """My report about Ben is read at the same desk, without Ben; so is one about somebody at another desk."""
    assert ("general", ["ben"]) == _sorted(office, "ben berg took the cards")
    assert ("general", ["wen"]) == _sorted(office, "Wen Wu took the cards")


def test_where_everybody_is_named_another_desk_reads_it(office: Office) -> None:
    """My report about both of them is read by those who deal with complaints about us."""
    assert ("about_us", ["ann", "ben"]) == _sorted(office, "Ann Amsel and Ben Berg share it")
    assert ("women", ["ann", "ben", "uma"]) == _sorted(office, "Ann Amsel, Ben Berg, Uma Uhl")


def test_who_asked_for_a_woman_is_read_by_one_who_is_not_named(store: Store) -> None:
    """The only woman at the desk is named: another woman reads it. With none left, or none before, it waits there."""
    made = Office(store).desk("general", "about_us", "women")
    made.member("ann", "general", gender="woman", called="Ann Amsel").member("ben", "general", called="Ben Berg")
    made.member("uma", "about_us", called="Uma Uhl").member("wen", "women", gender="woman", called="Wen Wu")

    def where(words: str, desk: str = "general") -> str:
        return store.read(lambda tx: conflicts.sorted_out(tx, desk, words, "woman"))[0]

    assert "women" == where("Ann Amsel took the cards")
    assert "general" == where("Ben Berg took the cards")
    assert "general" == where("Ann Amsel and Wen Wu took the cards")
    assert "about_us" == where("Ann Amsel took the cards", "about_us")


def test_where_everybody_everywhere_is_named_it_is_not_lost(office: Office) -> None:
    """Somebody who names every member is read by the right desk: what no one can open would help nobody."""
    assert ("general", []) == _sorted(office, "Ann Amsel, Ben Berg, Uma Uhl and Wen Wu")


def test_who_has_left_is_not_counted_among_the_readers(office: Office) -> None:
    """A member who has left reads nothing, so a report is not kept for them."""
    office.store.do(lambda tx: tx.do(sa.update(staff_rows).where(staff_rows.c.id == "ann").values(active=False)))

    assert ("about_us", ["ben"]) == _sorted(office, "Ben Berg took the cards")
    assert ("general", []) == _sorted(office, "Ann Amsel took the cards")
