"""`amana keys` as an operator types it: what is shown, made and rotated, and what is refused with a way out."""

from __future__ import annotations

import fcntl
import io
from pathlib import Path

import pyotp
import pytest
import sqlalchemy as sa

from amana import cli
from amana.founding import found
from house import clock
from house import settings as reading
from store import anchors, opening, staff
from store.db import Store
from store.pocket import Held
from store.schema import desks
from store.schema import staff as accounts
from tests.conftest import ROOT

PASSWORD = "four unrelated small words"
TOTP = pyotp.random_base32()


class Operator:
    """Somebody at the terminal of a founded house where Ann works at every desk."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.home, self._capsys, self._monkeypatch = home, capsys, monkeypatch
        self.settings = reading.read()
        token = found(self.settings)
        member, _ = opening.new_member("id-ann", "ann", "Ann", PASSWORD, TOTP)
        self.store = Store(self.settings.database)
        assert self.store.do(lambda tx: opening.enrol(tx, token or "", member, clock.seconds()))

    def types(self, *words: str, said: str = "") -> tuple[int, str]:
        """Run a command; its status, and what it printed."""
        self._monkeypatch.setattr("sys.stdin", io.StringIO(said))
        with pytest.raises(SystemExit) as ended:
            cli.main(list(words))
        out, err = self._capsys.readouterr()
        return int(str(ended.value.code or 0)), out + err

    def signing(self, password: str = PASSWORD) -> str:
        """What Ann types when she is asked; a code counts once, so her last one is forgotten here."""
        self.store.do(lambda tx: tx.do(sa.update(accounts).values(totp_step=0)))
        return f"{password}\n{pyotp.TOTP(TOTP).now()}\n"

    def fingerprints(self) -> dict[tuple[str, str], str]:
        """Kind and name of the current keys, as they are shown."""
        _, shown = self.types("keys")
        lines = [line.split() for line in shown.splitlines() if " current " in line]
        return {(kind, name): id_ for kind, name, id_, *_ in lines}


@pytest.fixture
def operator(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Operator:
    monkeypatch.setenv("AMANA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("AMANA_PROGRAMME", str(ROOT / "programme"))
    monkeypatch.setattr("store.turning_bot.GRACE", 0)
    return Operator(tmp_path / "home", capsys, monkeypatch)


def secrets(home: Path) -> list[str]:
    """Every private key that lies in the house's files."""
    held = Held.read(home / "keys" / "bot.json")
    private = [each.private for each in held.keys] + [each.key for each in held.locks]
    return [each.hex() for each in (*private, *held.lookups, anchors.load(home / "keys" / "audit.json").private)]


def test_every_key_is_shown_with_what_it_is_for(operator: Operator) -> None:
    """I see kind, name, fingerprint, since when and what for; never a key itself."""
    status, shown = operator.types("keys")

    kinds = {line.split()[0] for line in shown.splitlines()}
    assert (0, {"bot", "lock", "lookup", "desk", "audit"}) == (status, kinds)
    assert all(" since 20" in line and "current" in line for line in shown.splitlines())
    assert [] == [each for each in secrets(operator.home) if each in shown]


@pytest.mark.parametrize("kind", ["bot", "lock", "lookup", "audit"])
def test_a_key_of_the_house_is_rotated(operator: Operator, kind: str) -> None:
    """One line a step, another fingerprint afterwards, and no key on the screen."""
    before = operator.fingerprints()

    status, said = operator.types("keys", "rotate", kind)

    after = operator.fingerprints()
    assert (0, {(kind, kind)}) == (status, {each for each in before if before[each] != after[each]})
    assert [] == [each for each in secrets(operator.home) if each in said]
    assert 0 == operator.types("verify")[0]


def test_a_desks_key_is_rotated_by_one_of_its_members(operator: Operator) -> None:
    """Ann gives her password and a code, and the desk has another key."""
    before = operator.fingerprints()

    status, said = operator.types("keys", "rotate", "desk", "psea", "--as", "Ann", said=operator.signing())

    after = operator.fingerprints()
    assert (0, {("desk", "psea")}) == (status, {each for each in before if before[each] != after[each]})
    assert "wrapped for: ann" in said
    assert PASSWORD not in said


def test_a_members_own_key_is_rotated(operator: Operator) -> None:
    """Ann has another key under the same password, and can rotate with it again."""
    public = operator.store.read(lambda tx: staff.by_login(tx, "ann"))
    first = operator.types("keys", "rotate", "staff", "--as", "ann", said=operator.signing())
    second = operator.types("keys", "rotate", "desk", "general", "--as", "ann", said=operator.signing())

    now = operator.store.read(lambda tx: staff.by_login(tx, "ann"))
    assert public is not None
    assert now is not None
    assert ([0, 0], False) == ([first[0], second[0]], public.public == now.public)


def test_nobody_rotates_without_password_and_code(operator: Operator) -> None:
    """A wrong password, a wrong code, no name: nothing happens, and what was typed is not repeated."""
    before = operator.fingerprints()
    tries = [
        ("ann", "wrong\n123456\n"), ("ann", f"{PASSWORD}\n000000\n"), ("zoe", operator.signing()),
    ]  # fmt: skip
    said = [operator.types("keys", "rotate", "desk", "general", "--as", who, said=typed) for who, typed in tries]
    said.append(operator.types("keys", "rotate", "staff"))

    assert [2, 2, 2, 2] == [status for status, _ in said]
    assert "--as SIGN-IN-NAME" in said[-1][1]
    assert before == operator.fingerprints()
    assert not any(PASSWORD in words or "wrong" in words for _, words in said)


def test_the_sentence_of_the_founding_is_a_command_that_works(operator: Operator) -> None:
    """The programme names a new desk: the house says which command makes its key, and with it the house starts."""
    desk = next(name for kind, name in operator.fingerprints() if kind == "desk")
    operator.store.do(lambda tx: tx.do(sa.delete(desks).where(desks.c.name == desk)))

    refused, sentence = operator.types("staff", "invite")
    command = sentence.partition("amana keys ")[2].strip().rstrip(".").replace("SIGN-IN-NAME", "ann").split()
    made, _ = operator.types("keys", *command)
    started, _ = operator.types("staff", "invite")

    assert (2, 0, 0) == (refused, made, started)


def test_what_cannot_be_done_says_what_can(operator: Operator) -> None:
    """A wrong word, a desk that is none, nobody named: one sentence each, with the right command in it."""
    said = [
        operator.types("keys", *words)
        for words in (["rotate"], ["rotate", "all"], ["desk"], ["desk", "nowhere", "--for", "ann"], ["desk", "psea"])
    ]

    assert [2] * 5 == [status for status, _ in said]
    assert all("amana keys" in words or "desks.toml" in words for _, words in said)
    assert [] == [words for _, words in said if "fault of ours" in words]


@pytest.mark.parametrize("kind", ["bot", "lock", "lookup"])
def test_a_file_that_others_can_read_is_refused_with_the_remedy(operator: Operator, kind: str) -> None:
    """I am told to close the file first."""
    path = operator.home / "keys" / "bot.json"
    path.chmod(0o640)

    status, said = operator.types("keys", "rotate", kind)

    assert (2, True) == (status, f"chmod 600 {path}" in said)


def test_two_rotations_at_once_are_not_begun(operator: Operator) -> None:
    """While one is under way another is refused."""
    with (operator.home / "turning.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        status, said = operator.types("keys", "rotate", "bot")

    assert (2, True) == (status, "under way" in said)


def test_heads_that_were_signed_before_a_rotation_stay_good(operator: Operator) -> None:
    """I keep a signed head, rotate the audit's key and check the head: it is good."""
    kept = operator.home.parent / "heads"
    operator.types("keys", "rotate", "bot")
    anchored, _ = operator.types("verify", "--anchor", str(kept))

    operator.types("keys", "rotate", "audit")

    assert (0, 0) == (anchored, operator.types("verify", "--against", str(kept))[0])
    assert not list((operator.home / "keys").glob("*.next"))
