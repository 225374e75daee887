"""Every command of CONTRACT, each handed to the module that does it."""

from __future__ import annotations

import argparse
import os
import sys
import traceback

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
from store.turning import NotTurned

# Sentences that are for the operator as they stand; anything else is a fault of ours.
_SAID = (
    WrongSetting,
    WrongProgramme,
    PortTaken,
    StoreUnavailable,
    NoKey,
    Unfounded,
    AnotherVersion,
    NotTurned,
    OSError,
)


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
        ("verify", "look whether the audit's chain is whole"),
        ("check", "look whether programme and catalogues are complete"),
    ):  # fmt: skip
        commands.add_parser(name, help=says)
    tour = commands.add_parser("tour", help="play one case from report to answer with the real processes")
    tour.add_argument("--no-nlu", action="store_true", help="without Rasa")
    nlu = commands.add_parser("nlu", help="the language server, or its training and test")
    nlu.add_argument("what", nargs="?", choices=("serve", "train", "test"), default="serve")
    keys = commands.add_parser("keys", help="show the fingerprints of all keys; make a desk's key; rotate any key")
    keys.add_argument("what", nargs="?", choices=("show", "desk", "rotate"), default="show")
    keys.add_argument(
        "names", nargs="*", metavar="name", help="the desk; or what to rotate: bot, lock, lookup, desk NAME, staff"
    )
    keys.add_argument("--for", nargs="+", dest="members", metavar="login", help="who works at the new desk")
    keys.add_argument("--as", dest="login", metavar="login", help="who does it; their password is asked for")
    staff = commands.add_parser("staff", help="list members of staff; show the first member's link")
    staff.add_argument("what", nargs="?", choices=("list", "invite"), default="list")
    return parser


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
        case "keys":
            from amana import keys  # noqa: PLC0415

            return keys.run(settings, asked)
        case "check":
            from amana import check  # noqa: PLC0415

            return check.run(settings, tuple(FLOWS))
        case _:
            return _about(asked, settings)
    return 0


def _about(asked: argparse.Namespace, settings: Settings) -> int:
    """What the store says of itself."""
    from amana import showing  # noqa: PLC0415

    if asked.command == "staff" and asked.what == "invite":
        return showing.first_link(settings, founding.found(settings))
    store = Store(settings.database)
    try:
        match asked.command:
            case "verify":
                return showing.verify(store)
            case _:
                return showing.staff_of(store)
    finally:
        store.close()
