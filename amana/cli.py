"""Every command of CONTRACT, each handed to the module that does it."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from pathlib import Path

from actions.flows import FLOWS
from amana import founding
from house import settings as reading
from house.programme import WrongProgramme
from house.serving import PortTaken
from house.settings import Settings, WrongSetting
from store.db import Store, StoreUnavailable
from store.founding import Unfounded
from store.keys import NoKey
from store.migrating import AnotherVersion
from store.refusal import Refused

# Sentences that are for the operator as they stand; anything else is a fault of ours.
_SAID = (WrongSetting, WrongProgramme, PortTaken, StoreUnavailable, NoKey, Unfounded, AnotherVersion, Refused, OSError)


def main(arguments: list[str] | None = None) -> None:
    """Run one command; an error of the operator's is one sentence and exit status 2."""
    asked = _parser().parse_args(arguments)
    # Whatever any command writes is its owner's alone.
    os.umask(0o077)
    try:
        status = _run(asked, reading.read())
    except _SAID as error:
        print(f"amana: {error}", file=sys.stderr)
        status = 2
    except KeyboardInterrupt:
        status = 130
    except Exception as error:  # noqa: BLE001 - a traceback may quote what must not stand in a terminal's history
        *_, last = traceback.extract_tb(error.__traceback__)
        print(f"amana: a fault of ours: {type(error).__name__} at {last.name}, line {last.lineno}.", file=sys.stderr)
        status = 1
    sys.exit(status)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="amana", description="A chatbot that lets nobody forget to answer.")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="start everything on this machine")
    run.add_argument("--no-nlu", action="store_true", help="without Rasa: buttons, numbers and plain words still work")
    for name, says in (
        ("bot", "the channels"), ("scheduler", "the clocks"), ("console", "the staff's pages"),
        ("chat", "talk in this terminal, to the real core"),
        ("check", "look whether programme and catalogues are complete, and rows have tests"),
    ):  # fmt: skip
        commands.add_parser(name, help=says)
    tour = commands.add_parser("tour", help="play one case from report to answer with the real processes")
    tour.add_argument("--no-nlu", action="store_true", help="without Rasa")
    nlu = commands.add_parser("nlu", help="the language server, or its training and test")
    nlu.add_argument("what", nargs="?", choices=("serve", "train", "test"), default="serve")
    staff = commands.add_parser("staff", help="list members of staff; show the first member's link")
    staff.add_argument("what", nargs="?", choices=("list", "invite", "recover"), default="list")
    staff.add_argument("--shares", default="-", metavar="FILE", help="to recover: one a line (- is the terminal)")
    _vault(commands)
    return parser


def _vault(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """What looks after keys, backups and the audit."""
    keys = commands.add_parser("keys", help="show the fingerprints of all keys; make or rotate one")
    keys.add_argument("what", nargs="?", choices=("show", "recovery", "desk", "rotate"), default="show")
    keys.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help="the new desk; to rotate: bot, lock, lookup, audit, staff, desk and which",
    )
    keys.add_argument("--for", nargs="+", dest="members", metavar="LOGIN", help="who works at the new desk")
    keys.add_argument("--as", dest="login", metavar="LOGIN", help="who does it; their password is asked for")
    keys.add_argument("--shares", type=int, default=5, metavar="N", help="how many shares (5)")
    keys.add_argument("--threshold", type=int, default=3, metavar="K", help="how many of them are needed (3)")
    keys.add_argument("--again", action="store_true", help="in the place of the recovery key that is there")
    keys.add_argument("--give", action="store_true", help="give the desks of --as to the recovery key that is there")
    backup = commands.add_parser("backup", help="write everything to one sealed file, while it runs")
    backup.add_argument("file", nargs="?", type=Path, metavar="FILE")
    backup.add_argument("--to", action="append", default=[], metavar="RECIPIENT", help="also for this age recipient")
    restore = commands.add_parser("restore", help="fill an empty home and database from a backup")
    restore.add_argument("file", type=Path, metavar="FILE")
    who = restore.add_mutually_exclusive_group()
    who.add_argument("--shares", default="-", metavar="FILE", help="the shares, one a line (- is the terminal)")
    who.add_argument("--identity", type=Path, metavar="FILE", help="an age identity in the place of shares")
    restore.add_argument(
        "--tombstones", action="append", type=Path, default=[], metavar="FILE", help="erase these again"
    )
    erase = commands.add_parser("erase", help="erase a case when two members agree; or all whose time is over")
    erase.add_argument("reference", nargs="?", metavar="REFERENCE")
    erase.add_argument("--as", dest="one", metavar="LOGIN", help="a member of staff who can open the case")
    erase.add_argument("--and", dest="other", metavar="LOGIN", help="another one")
    verify = commands.add_parser("verify", help="look whether the audit's chain is whole")
    verify.add_argument("--anchor", type=Path, metavar="FILE", help="add the signed head to this file")
    verify.add_argument("--against", type=Path, metavar="FILE", help="look whether the signed heads in it hold")


def _run(asked: argparse.Namespace, settings: Settings) -> int:
    # Imported where they are used: the scheduler must not wait for the console's libraries, nor hold the bot's.
    match asked.command:
        case "run":
            from amana import run  # noqa: PLC0415

            return run.run(settings, nlu=not asked.no_nlu)
        case "tour":
            from amana import tour  # noqa: PLC0415

            return tour.play(settings, nlu=not asked.no_nlu)
        case "chat":
            from amana import chat  # noqa: PLC0415

            return chat.talk(settings)
        case "bot":
            from bot import main as bot  # noqa: PLC0415

            bot.serve(settings)
        case "scheduler":
            from scheduler import main as scheduler  # noqa: PLC0415

            scheduler.serve(settings)
        case "console":
            from console import main as console  # noqa: PLC0415

            console.serve(settings)
        case "nlu":
            from amana import nlu  # noqa: PLC0415

            return nlu.run(settings, asked.what)
        case "check":
            from amana import check  # noqa: PLC0415

            return check.run(settings, tuple(FLOWS))
        case "backup":
            from amana import backing_up  # noqa: PLC0415

            return backing_up.backup(settings, asked.file, asked.to)
        case "restore":
            from amana import backing_up  # noqa: PLC0415

            return backing_up.restore(settings, asked.file, asked.shares, asked.identity, asked.tombstones)
        case "erase":
            from amana import erasing  # noqa: PLC0415

            return erasing.erase(settings, asked.reference, asked.one, asked.other)
        case "verify":
            from amana import verifying  # noqa: PLC0415

            return verifying.verify(settings, asked.anchor, asked.against)
        case _:
            return _about(asked, settings)
    return 0


def _about(asked: argparse.Namespace, settings: Settings) -> int:
    """What the store says of itself."""
    from amana import showing  # noqa: PLC0415

    if asked.command == "staff" and asked.what == "invite":
        return showing.first_link(settings, founding.found(settings))
    if asked.command == "keys" and asked.what == "recovery":
        from amana import recovering  # noqa: PLC0415

        if asked.give:
            return recovering.give(settings, asked.login)
        return recovering.make(settings, asked.threshold, asked.shares, asked.login, again=asked.again)
    if asked.command == "staff" and asked.what == "recover":
        from amana import recovering  # noqa: PLC0415

        return recovering.rescue(settings, asked.shares)
    if asked.command == "keys":
        from amana import keys  # noqa: PLC0415

        return keys.run(settings, asked)
    store = Store(settings.database)
    try:
        return showing.staff_of(store)
    finally:
        store.close()
