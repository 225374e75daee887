"""A backup is one sealed file of one moment; restored elsewhere it is the same house, less what was erased since."""

from __future__ import annotations

import json
import os
import resource
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyrage
import pytest
import sqlalchemy as sa

from store import audit, backups, cases, people, recovery, restoring, staff, tombstones
from store.backups import TABLES, Made, NotBackedUp
from store.cases import Case
from store.db import Store, Tx
from store.migrating import migrate
from store.restoring import NotRestored, Restored
from store.schema import audit as audit_rows
from store.schema import cases as case_rows
from store.schema import diary, entries, meta, sessions, talks
from store.staff import Session
from store.tombstones import Tombstone, WrongTombstones, name_of
from tests.conftest import NOON_S, ROOT, Founded

SECRET = bytes(range(32))
# What a file must not be does not depend on where it was made.
from_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
CANARY = "CANARY-the-well-is-dry"


def report(tx: Tx, reference: str, address: str | None = None) -> None:
    """A case with an entry, a clock, and where there is an address a talk."""
    case = Case(
        reference, "general", "filed", False, "confidential" if address else "anonymous", "either", address, NOON_S,
        NOON_S + 1, NOON_S + 2, True, b"salt", b"r" * 32, NOON_S, 365,
    )  # fmt: skip
    cases.file(tx, case, f"locator {reference}", b'{"category": "cash"}', f"{CANARY} {reference}".encode())
    tx.new(diary, key=f"answer {reference}", kind="answer", due=NOON_S, address=address, case_ref=reference)
    if address:
        people.know(tx, address, "web", "person", lambda: os.urandom(40), NOON_S)
        people.keep(tx, address, os.urandom(300))
    audit.note(tx, NOON_S, "ann", "opened", reference)


@pytest.fixture
def lived(founded: Founded) -> Founded:
    """A house in which things have happened, with a recovery key."""

    def live(tx: Tx) -> None:
        recovery.publish(tx, SECRET, {}, NOON_S)
        for n in range(120):
            report(tx, f"R-{n}", f"address {n}" if n % 2 else None)
        staff.sign_in(tx, Session("session", "ann", b"locked", NOON_S, NOON_S))

    founded.store.do(live)
    return founded


@dataclass(frozen=True)
class Empty:
    """Where there is nothing yet."""

    store: Store
    home: Path

    def restore(self, made: Path, *stones: Path, identity: str | None = None, now: int = NOON_S + 99) -> Restored:
        identity = identity or recovery.backup_identity(SECRET)
        return restoring.restore(self.store, self.home, made, [identity], stones, now)


@pytest.fixture
def empty(tmp_path: Path, empty_url: str) -> Iterator[Empty]:
    """An empty home and database of each kind: backups of both kinds are restored into both."""
    home = tmp_path / "elsewhere" / "home"
    home.mkdir(parents=True)
    url = f"sqlite:///{home / 'amana.db'}" if empty_url.startswith("sqlite") else empty_url
    store = Store(url)
    yield Empty(store, home)
    store.close()


def back_up(house: Founded, name: str = "house.age", now: int = NOON_S + 9) -> Made:
    return backups.make(house.store, house.home, house.home / "backups" / name, [], now)


def rows_of(store: Store, table: sa.Table) -> list[tuple[object, ...]]:
    """Every row of a table, in the order of its key."""
    at = [list(table.columns).index(each) for each in table.primary_key]
    rows = store.read(lambda tx: tx.rows(sa.select(table)))
    return sorted((tuple(row) for row in rows), key=lambda row: [row[each] for each in at])


def plain(made: Path) -> list[bytes]:
    """What is in a backup, line by line."""
    opened = pyrage.decrypt(made.read_bytes(), [pyrage.x25519.Identity.from_str(recovery.backup_identity(SECRET))])
    return opened.splitlines(keepends=True)


def sealed(lines: list[bytes], to: Path) -> Path:
    """A backup that somebody made who knows the public key."""
    to.write_bytes(
        pyrage.encrypt(b"".join(lines), [pyrage.x25519.Recipient.from_str(recovery.backup_recipient(SECRET))])
    )
    return to


def nothing_is_there(empty: Empty) -> bool:
    """Whether the house is as empty as it was."""
    database = empty.store.engine.url.database
    if empty.store.lonely and database is not None and not Path(database).exists():
        return not list(empty.home.rglob("*.json"))
    names = empty.store.read(lambda tx: sa.inspect(tx.conn).get_table_names())
    full = [
        each
        for each in meta.sorted_tables
        if each.name in names and empty.store.read(lambda tx, each=each: tx.row(sa.select(each)))
    ]
    return not full and not list(empty.home.rglob("*.json"))


# --- the drill --------------------------------------------------------------------------------------------------------


def test_the_drill(lived: Founded, empty: Empty) -> None:
    """The machine burns. From the file and three shares everything is back, row by row, on either kind of database."""
    made = back_up(lived)
    shares = recovery.split(SECRET, 3, 5)

    restored = empty.restore(made.path, identity=recovery.backup_identity(recovery.join(shares[1:4])))

    for table in TABLES:
        here, there = rows_of(empty.store, table), rows_of(lived.store, table)
        assert there == (here[:-1] if table is audit_rows else here), table.name
    assert (made.digest, made.counts) == (restored.digest, restored.counts)
    assert [] == rows_of(empty.store, sessions)
    assert empty.store.read(audit.broken) is None
    last = empty.store.read(audit.recent)[0]
    assert ("operator", audit.RESTORED, made.digest[:16]) == (last.who, last.act, last.about)
    assert (lived.home / "keys" / "bot.json").read_bytes() == (empty.home / "keys" / "bot.json").read_bytes()
    assert 0o600 == stat.S_IMODE((empty.home / "keys" / "bot.json").stat().st_mode)


def test_the_restored_house_goes_on(lived: Founded, empty: Empty) -> None:
    """New rows are numbered after the old ones, on PostgreSQL too."""
    empty.restore(back_up(lived).path)
    last = max(row[0] for row in rows_of(empty.store, diary))  # type: ignore[type-var]

    empty.store.do(lambda tx: report(tx, "R-new", "address new"))

    new = empty.store.read(lambda tx: tx.row(sa.select(diary.c.id).where(diary.c.key == "answer R-new")))
    assert new is not None
    assert new.id == last + 1  # type: ignore[operator]


def test_a_backup_is_of_one_moment_while_everything_runs(lived: Founded, empty: Empty) -> None:
    """Somebody writes all the time: what is in the backup is whole, and nobody waited for it."""
    stop, written = threading.Event(), []

    def work() -> None:
        n = 0
        while not stop.is_set():
            lived.store.do(lambda tx, n=n: report(tx, f"R-during-{n}", f"during {n}"))
            n += 1
            written.append(n)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        while len(written) < 3:
            stop.wait(0.01)
        before = len(written)
        with backups.snapshot(lived.store) as tx:
            counted = tx.row(sa.select(sa.func.count()).select_from(case_rows))
            while len(written) < before + 5:
                stop.wait(0.01)
            assert counted == tx.row(sa.select(sa.func.count()).select_from(case_rows))
        made = back_up(lived)
    finally:
        stop.set()
        thread.join()

    empty.restore(made.path)
    during = {row[0] for row in rows_of(empty.store, case_rows) if str(row[0]).startswith("R-during")}
    references = {name: {row[at] for row in rows_of(empty.store, table)} for name, table, at in (
        ("entries", entries, 1), ("diary", diary, 5), ("audit", audit_rows, 4),
    )}  # fmt: skip
    assert 120 < made.counts["cases"].rows <= 120 + len(written)
    assert all(during <= each for each in references.values())
    assert made.counts["entries"].rows == made.counts["cases"].rows == made.counts["diary"].rows
    assert empty.store.read(audit.broken) is None


def test_a_row_of_every_table_comes_back_as_it_was(store: Store, home: Path, empty: Empty) -> None:
    """Whatever table or column there is, numbers, truth, bytes, nothing and every letter come back the same."""

    def cell(column: sa.Column[object]) -> object:
        match column.type:
            case sa.LargeBinary():
                return bytes(range(256))
            case sa.Boolean():
                return True
            case sa.Integer():
                return (1 << 31) - 1
            case _:
                return "é\n\u2028'\"\\ \U0001f4a7"

    def fill(tx: Tx) -> None:
        for table in meta.sorted_tables:
            full = {each.name: cell(each) for each in table.columns}
            bare = {
                each.name: None if each.nullable else b"" if isinstance(each.type, sa.LargeBinary) else
                0 if isinstance(each.type, sa.Integer | sa.Boolean) else "" for each in table.columns
            }  # fmt: skip
            tx.conn.execute(sa.insert(table), [full, bare])

    store.do(fill)
    made = backups.make(store, home, home / "b.age", [recovery.backup_recipient(SECRET)], NOON_S)

    empty.restore(made.path)

    for table in TABLES:
        here, there = rows_of(empty.store, table), rows_of(store, table)
        assert there == (here[:-1] if table is audit_rows else here), table.name
        assert 2 == len(there)


def test_made_for_others_too(lived: Founded, empty: Empty) -> None:
    """Head office gets a key of its own to our backups."""
    other = pyrage.x25519.Identity.generate()

    made = backups.make(lived.store, lived.home, lived.home / "b.age", [str(other.to_public())], NOON_S)

    assert made.digest == empty.restore(made.path, identity=str(other)).digest


def test_without_a_recipient_there_is_no_backup(founded: Founded) -> None:
    """A backup that nobody could open, or anybody, is not made; I hear what to do."""
    with pytest.raises(NotBackedUp, match="amana keys recovery"):
        back_up(founded)
    with pytest.raises(NotBackedUp, match="no age recipient"):
        backups.make(founded.store, founded.home, founded.home / "b.age", ["age1nonsense"], NOON_S)
    assert not (founded.home / "backups").exists()


def test_a_backup_overwrites_nothing(lived: Founded) -> None:
    """The backup of yesterday is not lost to a slip of the keyboard."""
    made = back_up(lived)
    before = made.path.read_bytes()

    with pytest.raises(NotBackedUp, match="is there already"):
        back_up(lived)
    assert before == made.path.read_bytes()


# --- nothing in clear -------------------------------------------------------------------------------------------------


def test_only_ciphertext_is_ever_written(lived: Founded, empty: Empty) -> None:
    """Every byte that backup and restore write is watched: no row of mine lies in clear in any file, nor afterwards."""
    opened: list[str] = []
    watching = [True]

    def watch(event: str, args: tuple[object, ...]) -> None:
        if watching[0] and event == "open" and isinstance(args[0], str | Path) and isinstance(args[2], int):
            opened.extend([str(args[0])] if args[2] & (os.O_WRONLY | os.O_RDWR) else [])

    sys.addaudithook(watch)
    made = back_up(lived)
    empty.restore(made.path)
    watching[0] = False

    ours = {Path(each).name for each in opened if str(lived.home.parent) in each}
    assert {".house.age.part", "bot.json", "audit.json", "tombstones"} >= ours >= {".house.age.part", "bot.json"}
    assert [made.path] == list(made.path.parent.iterdir())
    assert 0o600 == stat.S_IMODE(made.path.stat().st_mode)
    written = made.path.read_bytes()
    bot = json.loads((lived.home / "keys" / "bot.json").read_text())
    assert written.startswith(b"age-encryption.org/v1")
    assert not [each for each in (b"R-17", b"address 17", b"cases", str(bot).encode()) if each in written]


LIMITED = """
import sys
from pathlib import Path
from store.db import Store
from store import backups
store = Store(sys.argv[1])
try:
    backups.make(store, Path(sys.argv[2]), Path(sys.argv[3]), [], 1)
except backups.NotBackedUp as error:
    print(error)
store.close()
"""


def test_a_full_disk_leaves_no_half_file(lived: Founded) -> None:
    """No room for it: a sentence, and nothing of it is left."""
    lived.store.do(lambda tx: [people.keep(tx, f"big {n}", os.urandom(300_000)) for n in range(8)])
    url = lived.store.engine.url.render_as_string(hide_password=False)
    path = lived.home / "backups" / "x.age"
    lived.store.truncate_log()

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))

    told = subprocess.run(
        [sys.executable, "-c", LIMITED, url, str(lived.home), str(path)],
        cwd=ROOT, capture_output=True, text=True, preexec_fn=limit, check=True,
    )  # fmt: skip

    assert "could not be written (File too large); nothing of it is left." in told.stdout
    assert [] == list(path.parent.iterdir())


@pytest.mark.parametrize("with_", [signal.SIGTERM, signal.SIGINT])
def test_an_interrupted_backup_leaves_no_half_file(lived: Founded, with_: signal.Signals) -> None:
    """Somebody stops it in the middle: nothing of it is left."""
    for n in range(8):
        lived.store.do(lambda tx, n=n: [people.keep(tx, f"big {n}-{m}", os.urandom(1 << 20)) for m in range(8)])
    environment = {
        **os.environ, "AMANA_HOME": str(lived.home),
        "AMANA_DATABASE_URL": lived.store.engine.url.render_as_string(hide_password=False),
    }  # fmt: skip
    folder = lived.home / "backups"

    running = subprocess.Popen([sys.executable, "-m", "amana", "backup"], cwd=ROOT, env=environment)
    while not list(folder.glob(".*.part")):
        assert running.poll() is None
        time.sleep(0.001)
    running.send_signal(with_)

    assert 130 == running.wait(30)
    assert [] == list(folder.iterdir())


# --- into an empty house only -----------------------------------------------------------------------------------------


def test_a_house_that_is_there_is_not_touched(lived: Founded) -> None:
    """I restore in the wrong folder: I am told, and everything is as it was."""
    made = back_up(lived)
    before = {table.name: rows_of(lived.store, table) for table in meta.sorted_tables}

    with pytest.raises(NotRestored, match="Restore into an empty AMANA_HOME"):
        restoring.restore(lived.store, lived.home, made.path, [recovery.backup_identity(SECRET)], [], NOON_S)

    assert before == {table.name: rows_of(lived.store, table) for table in meta.sorted_tables}


def test_a_database_that_is_in_use_is_not_touched(lived: Founded, empty: Empty) -> None:
    """An empty folder with somebody's database: I am told which table has rows."""
    migrate(empty.store)
    empty.store.do(lambda tx: people.keep(tx, "x", b"x"))

    with pytest.raises(NotRestored, match=r"not empty \(table talks\)"):
        empty.restore(back_up(lived).path)

    assert [("x", b"x")] == rows_of(empty.store, talks)
    assert not (empty.home / "keys").exists()


# --- what is not a backup of ours -------------------------------------------------------------------------------------


@from_sqlite
@pytest.mark.parametrize("end", [0, 10, 150, 70_000, -1, -20])
def test_a_cut_off_backup_is_refused(lived: Founded, empty: Empty, end: int, tmp_path: Path) -> None:
    """Half a download is no backup: nothing is restored."""
    cut = tmp_path / "cut.age"
    cut.write_bytes(back_up(lived).path.read_bytes()[:end])

    with pytest.raises(NotRestored, match="changed or cut off"):
        empty.restore(cut)
    assert nothing_is_there(empty)


@from_sqlite
@pytest.mark.parametrize("at", [30, 200, 5000, 70_000, -1])
def test_a_changed_backup_is_refused(lived: Founded, empty: Empty, at: int, tmp_path: Path) -> None:
    """One bit fell over on the disk: nothing is restored."""
    content = bytearray(back_up(lived).path.read_bytes())
    content[at] ^= 1
    changed = tmp_path / "changed.age"
    changed.write_bytes(bytes(content))

    with pytest.raises(NotRestored, match=r"changed or cut off|another recovery key"):
        empty.restore(changed)
    assert nothing_is_there(empty)


@from_sqlite
def test_with_other_shares_it_does_not_open(lived: Founded, empty: Empty) -> None:
    """Shares of another secret open nothing, and I am told so."""
    other = recovery.join(recovery.split(os.urandom(32), 2, 3))

    with pytest.raises(NotRestored, match="made for another recovery key"):
        empty.restore(back_up(lived).path, identity=recovery.backup_identity(other))
    assert nothing_is_there(empty)


def _without(lines: list[bytes], start: bytes) -> list[bytes]:
    at = next(n for n, each in enumerate(lines) if each.startswith(start))
    return lines[:at] + lines[at + 1 :]


def _swapped(lines: list[bytes]) -> list[bytes]:
    at = next(n for n, each in enumerate(lines) if b'"filed"' in each)
    return [*lines[:at], lines[at].replace(b'"filed"', b'"close"'), *lines[at + 1 :]]


FORGERIES = {
    "a row is missing": lambda lines: _without(lines, b'["R-'),
    "a table is missing": lambda lines: _without(lines, b'{"table":"talks"'),
    "a row says something else": _swapped,
    "a row is there twice": lambda lines: [*lines[:-1], lines[-2], lines[-1]],
    "a key file is missing": lambda lines: _without(lines, b'{"file":'),
    "a key file has another name": lambda lines: [each.replace(b"keys/bot.json", b"../../evil") for each in lines],
    "the last line is missing": lambda lines: lines[:-1],
    "something follows the last line": lambda lines: [*lines, lines[-2]],
    "a row is too short": lambda lines: [*lines[:-1], b"[]\n", lines[-1]],
    "a line is no JSON": lambda lines: [*lines[:-1], b"nonsense\n", lines[-1]],
    "the columns are others": lambda lines: [each.replace(b'"columns":["id",', b'"columns":["x",') for each in lines],
    "the last line has nothing in it": lambda lines: [*lines[:-1], b'{"trailer":{}}\n'],
    "a line without end": lambda lines: [*lines[:-1], lines[-1].rstrip()],
}  # fmt: skip


@from_sqlite
@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_backup_that_does_not_hold_together_is_refused(
    lived: Founded, empty: Empty, forgery: str, tmp_path: Path
) -> None:
    """Whoever knows the public key can seal anything; what does not fit its own last line is not let in."""
    forged = sealed(FORGERIES[forgery](plain(back_up(lived).path)), tmp_path / "forged.age")

    with pytest.raises(NotRestored, match="changed or cut off"):
        empty.restore(forged)
    assert nothing_is_there(empty)


@pytest.mark.parametrize(
    "content", [b"", b"hello\n", b'{"format": "something else"}\n', b"[1]\n", b'{"format":"amana-backup 1"}\n']
)
def test_something_else_that_was_sealed_is_refused(empty: Empty, content: bytes, tmp_path: Path) -> None:
    """An age file with something else in it is told from a backup."""
    with pytest.raises(NotRestored, match=r"not a backup of Amana|changed or cut off"):
        empty.restore(sealed([content], tmp_path / "else.age"))
    assert nothing_is_there(empty)


@from_sqlite
def test_a_backup_of_another_version_names_it(lived: Founded, empty: Empty, tmp_path: Path) -> None:
    """Tables of another version are not guessed at: I hear which Amana can read them."""
    header, *rest = plain(back_up(lived).path)
    other = json.dumps({**json.loads(header), "schema": "9999"}).encode() + b"\n"

    with pytest.raises(NotRestored, match="tables of version 9999"):
        empty.restore(sealed([other, *rest], tmp_path / "other.age"))
    assert nothing_is_there(empty)


def test_after_a_failure_it_can_be_tried_again(lived: Founded, empty: Empty, tmp_path: Path) -> None:
    """A broken copy first, the right one then: nothing of the first stands in the way."""
    made = back_up(lived)
    cut = tmp_path / "cut.age"
    cut.write_bytes(made.path.read_bytes()[:-1])
    with pytest.raises(NotRestored):
        empty.restore(cut)

    assert made.digest == empty.restore(made.path).digest


# --- what was erased stays erased -------------------------------------------------------------------------------------


def erase(house: Founded) -> None:
    """One case and one person are erased, as staff and the person asked."""
    from store import erasing

    house.store.do(lambda tx: erasing.erase_case(tx, "R-17", "staff", NOON_S))
    house.store.do(lambda tx: people.forget(tx, "address 33", "person", NOON_S))
    tombstones.mirror(house.store, house.home / "tombstones")


def everything(store: Store) -> str:
    return repr([rows_of(store, table) for table in TABLES if table is not audit_rows])


def test_what_was_erased_after_the_backup_is_erased_again(lived: Founded, empty: Empty) -> None:
    """The backup is older than the erasure; the file of tombstones comes along, and the case does not come back."""
    made = back_up(lived)
    erase(lived)

    restored = empty.restore(made.path, lived.home / "tombstones")

    assert (2, True) == (restored.erased, restored.newer)
    assert [] == [each for each in ("'R-17'", "'address 33'", "locator R-17'") if each in everything(empty.store)]
    assert "'R-18'" in everything(empty.store)
    kept = empty.store.read(lambda tx: list(tombstones.every(tx)))
    assert {each.name for each in kept} == {each.name for each in tombstones.read(empty.home / "tombstones")}
    assert 2 == len(kept)


def test_a_person_who_was_erased_is_not_tied_to_cases_again(lived: Founded, empty: Empty) -> None:
    """My chat was erased and my report stayed: after the restore the report still does not lead to me."""
    made = back_up(lived)
    erase(lived)

    empty.restore(made.path, lived.home / "tombstones")

    case = empty.store.read(lambda tx: cases.get(tx, "R-33"))
    assert case is not None
    assert case.address is None


@from_sqlite
def test_without_newer_tombstones_the_operator_is_warned(lived: Founded, empty: Empty) -> None:
    """No tombstones were given: what was erased since may be here, and the restore says that it knows of nothing."""
    made = back_up(lived)
    erase(lived)

    restored = empty.restore(made.path)

    assert (0, False) == (restored.erased, restored.newer)
    assert "'R-17'" in everything(empty.store)


def test_tombstones_of_the_backup_itself_are_obeyed(lived: Founded, empty: Empty, tmp_path: Path) -> None:
    """A tombstone in the backup counts even where its case is beside it."""
    erase(lived)
    lived.store.do(lambda tx: report(tx, "R-17", None))

    restored = empty.restore(back_up(lived).path)

    assert 1 == restored.erased
    assert "'R-17'" not in everything(empty.store)


@from_sqlite
def test_nonsense_among_the_tombstones_stops_the_restore(lived: Founded, empty: Empty, tmp_path: Path) -> None:
    """A file that is none of ours is named with its line before anything is restored."""
    (tmp_path / "stones").write_text('{"seq": 1, "kind": "case", "name": "x", "at": 0, "why": "staff"}\nnonsense\n')

    with pytest.raises(WrongTombstones, match=r"stones, line 2"):
        empty.restore(back_up(lived).path, tmp_path / "stones")
    assert nothing_is_there(empty)


# --- the file of tombstones -------------------------------------------------------------------------------------------


def lay(store: Store, *names: str) -> None:
    for each in names:
        store.do(lambda tx, each=each: tombstones.lay(tx, "case", each, "staff", NOON_S))


def names(path: Path) -> list[str]:
    return [each.name for each in tombstones.read(path)]


def test_a_tombstone_tells_nothing_of_what_was_erased(store: Store, home: Path) -> None:
    """In the file stands a hash, the day, and whether the person, a date or staff wanted it."""
    lay(store, "R-1")
    tombstones.mirror(store, home / "tombstones")

    [stone] = tombstones.read(home / "tombstones")

    assert Tombstone(1, "case", name_of("case", "R-1"), NOON_S - NOON_S % 86400, "staff") == stone
    assert b"R-1" not in (home / "tombstones").read_bytes()
    assert 0o600 == stat.S_IMODE((home / "tombstones").stat().st_mode)
    assert name_of("case", "R-1") != name_of("address", "R-1")


def test_the_file_follows_the_table(store: Store, home: Path) -> None:
    """Every tombstone stands in the file once, in order, however often it is looked at."""
    path = home / "tombstones"
    nothing = tombstones.mirror(store, path)
    lay(store, "R-1", "R-2")
    two = tombstones.mirror(store, path)
    none = tombstones.mirror(store, path)
    before = path.stat().st_mtime_ns
    lay(store, "R-3", "R-3")
    one = tombstones.mirror(store, path)

    assert (0, 2, 0, 1) == (nothing, two, none, one)
    assert [name_of("case", f"R-{n}") for n in (1, 2, 3)] == names(path)
    assert tombstones.mirror(store, path) == 0
    assert before < path.stat().st_mtime_ns


@pytest.mark.parametrize("cut", [1, 5, 60])
def test_a_line_that_was_cut_off_is_written_again(store: Store, home: Path, cut: int) -> None:
    """The power went while the last line was written: it is read without it, and made whole at the next look."""
    path = home / "tombstones"
    lay(store, "R-1", "R-2")
    tombstones.mirror(store, path)
    path.write_bytes(path.read_bytes()[:-cut])
    assert [name_of("case", "R-1")] == names(path)

    assert 1 == tombstones.mirror(store, path)

    assert [name_of("case", f"R-{n}") for n in (1, 2)] == names(path)


def test_a_lost_file_is_written_anew(store: Store, home: Path) -> None:
    """Somebody deleted the file: the table still knows."""
    lay(store, "R-1", "R-2")
    tombstones.mirror(store, home / "tombstones")
    (home / "tombstones").unlink()

    tombstones.mirror(store, home / "tombstones")

    assert 2 == len(names(home / "tombstones"))


def test_a_file_of_another_life_misses_nothing(store: Store, home: Path) -> None:
    """After a restore the numbers in the file may be those of the lost database; no tombstone is left out for it."""
    path = home / "tombstones"
    path.write_bytes(b"".join(Tombstone(n, "case", f"old {n}", 0, "staff").line for n in range(1, 9)))
    lay(store, "R-1", "R-2")

    tombstones.mirror(store, path)
    before = path.read_bytes()
    tombstones.mirror(store, path)
    lay(store, "R-3")
    tombstones.mirror(store, path)

    assert before == path.read_bytes()[: len(before)]
    assert {name_of("case", f"R-{n}") for n in (1, 2, 3)} < set(names(path))


@pytest.mark.parametrize(
    "line",
    ['{"seq": 1}', "[]", '{"seq": "1", "kind": "case", "name": "x", "at": 0, "why": "staff"}', "",
     '{"seq": 1, "kind": "other", "name": "x", "at": 0, "why": "staff"}'],
)  # fmt: skip
def test_a_line_that_is_no_tombstone_is_refused(home: Path, line: str) -> None:
    """Nonsense is named with file and line, never passed over: something would come back."""
    (home / "tombstones").write_text(Tombstone(1, "case", "x", 0, "staff").line.decode() + line + "\n")

    with pytest.raises(WrongTombstones, match="tombstones, line 2"):
        tombstones.read(home / "tombstones")
