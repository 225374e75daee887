"""A house's process with one deliberate leak: `python -m tests.whole.leaking LEAK COMMAND …`. For test_leaks only."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

KEPT: list[object] = []


def _heard(do: Callable[[str], object]) -> None:
    """Do something with the words of every message the bot has heard."""
    from bot.intake import Intake

    right = Intake.hear

    async def hear(self: Any, message: Any) -> bool:
        words = getattr(message.what, "words", "")
        if words:
            do(words)
        return await right(self, message)

    Intake.hear = hear  # type: ignore[method-assign]


def log_line() -> None:
    import structlog

    _heard(lambda words: structlog.get_logger().info(f"heard {words}"))


def temporary_file() -> None:
    def write(words: str) -> None:
        number, _ = tempfile.mkstemp()
        os.write(number, words.encode())

    _heard(write)


def exception_text() -> None:
    def stumble(words: str) -> None:
        try:
            raise ValueError(words)
        except ValueError:
            traceback.print_exc()

    _heard(stumble)


def file_name() -> None:
    _heard(lambda words: (Path(os.environ["AMANA_HOME"]) / words[:80].replace("/", "_")).touch())


def job_argument() -> None:
    from bot.intake import Intake
    from store import diary

    right = Intake._turn

    def turn(self: Any, tx: Any, turn: Any) -> Any:
        if words := getattr(turn.event, "words", ""):
            diary.write(tx, words, 1 << 40, address="x")
        return right(self, tx, turn)

    Intake._turn = turn  # type: ignore[method-assign]


def column_in_clear() -> None:
    from store import cases

    right = cases.seal
    cases.seal = lambda plain, place, to: plain if place.purpose.startswith("note") else right(plain, place, to)  # type: ignore[attr-defined]


def _unlocked(table: str) -> None:
    """Things of this table are not locked; they are read all the same, so that nothing but the leak shows."""
    from store.locks import Lock
    from store.pocket import Pocket

    shut, open_ = Lock.shut, Pocket.open
    Lock.shut = lambda self, plain, place: plain if place.table == table else shut(self, plain, place)  # type: ignore[method-assign]
    Pocket.open = (
        lambda self, sealed, place: (  # type: ignore[method-assign]
            sealed if sealed[:2] not in (b"AM", b"AL") else open_(self, sealed, place)
        )
    )


def letter_in_clear() -> None:
    _unlocked("outbox")


def talk_in_clear() -> None:
    _unlocked("talks")


def audit_row() -> None:
    from console import closing
    from store import audit

    right = closing.note

    def note(visit: Any) -> Any:
        visit.office.store.do(lambda tx: audit.note(tx, visit.now, visit.member.id, "noted", visit.text("note")))
        return right(visit)

    closing.note = note


def backup_in_clear() -> None:
    import pyrage

    def copy(reader: Any, writer: Any, _: object) -> None:
        writer.write(reader.read())

    pyrage.encrypt_io = copy


def key_in_memory() -> None:
    from scheduler import main

    right = main.run

    def run(*arguments: Any) -> None:
        KEPT.append((Path(os.environ["AMANA_HOME"]) / "keys" / "bot.json").read_text())
        right(*arguments)

    main.run = run


LEAKS: dict[str, Callable[[], None]] = {
    each.__name__: each
    for each in (
        log_line, temporary_file, exception_text, file_name, job_argument, column_in_clear, letter_in_clear,
        talk_in_clear, audit_row, backup_in_clear, key_in_memory,
    )
}  # fmt: skip


if __name__ == "__main__":
    from amana import cli

    LEAKS[sys.argv[1]]()
    cli.main(sys.argv[2:])
