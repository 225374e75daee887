"""What the scheduler tidies away although it can read none of it."""

from __future__ import annotations

from actions.programme import Programme
from scheduler.main import tidy
from store import files
from store.db import Store
from store.files import Growing
from tests.conftest import NOON_S


def test_an_upload_that_broke_off_is_tidied_away_after_an_hour(store: Store, programme: Programme) -> None:
    """Half a photo of somebody whose connection broke does not lie there for ever, however many there are."""
    for _ in range(120):
        last, _stored = Growing().end()
        store.do(lambda tx, last=last: files.write(tx, last, NOON_S))

    tidy(store, programme, NOON_S + 3600)
    early = store.read(lambda tx: files.count(tx, last.file))
    tidy(store, programme, NOON_S + 3601)

    assert (1, 0) == (early, store.read(lambda tx: files.count(tx, last.file)))
    assert 0 == store.do(lambda tx: files.drop_orphans(tx, NOON_S + 3601))
