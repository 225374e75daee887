"""Everything on one machine: founds the house, starts the processes, keeps them up, stops them cleanly."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from types import FrameType

from amana import founding, nlu
from house import settings as reading
from house.serving import listening
from house.settings import Settings

_READY_WITHIN = 60.0
_STOP_WITHIN = 8.0
_LOOK_EVERY = 0.1


@dataclass(slots=True)
class Child:
    """One process: how it is started, and its last start."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(repr=False)
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0
    started: float = 0.0


@dataclass(slots=True)
class Children:
    """The processes of this machine."""

    every: list[Child]
    stopping: bool = False

    def start(self, child: Child) -> None:
        """Start one, in a group of its own: Ctrl-C reaches it only through us, once."""
        child.starts += 1
        child.started = time.monotonic()
        child.process = subprocess.Popen(
            child.command, cwd=nlu.ROOT, env=child.environment, stdin=subprocess.DEVNULL, start_new_session=True
        )

    def revive(self) -> None:
        """Start again whatever has ended by itself, ever more slowly."""
        for child in self.every:
            if child.process is not None and child.process.poll() is not None and not self.stopping:
                if time.monotonic() - child.started < min(2**child.starts, 30) / 2:
                    continue
                print(f"{child.name} has ended ({child.process.returncode}) and is started again", file=sys.stderr)
                self.start(child)

    def stop(self) -> None:
        """Ask all to stop; what has not after some seconds is ended."""
        self.stopping = True
        running = [each.process for each in self.every if each.process and each.process.poll() is None]
        for process in running:
            process.terminate()
        until = time.monotonic() + _STOP_WITHIN
        for process in running:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()


def run(settings: Settings, *, nlu: bool) -> int:
    """Start everything and stay until told to stop."""
    token = founding.found(settings)
    for host, port in ((settings.bot_host, settings.bot_port), (settings.console_host, settings.console_port)):
        listening(host, port).close()
    children = of(settings, nlu=nlu)
    _told_to_stop()
    try:
        for child in children.every:
            children.start(child)
        wait_until_ready(settings, children)
        _greet(settings, token, nlu=any(each.name == "nlu" for each in children.every))
        while True:
            time.sleep(1)
            children.revive()
    except KeyboardInterrupt:
        print("\nStopping …", file=sys.stderr)
    finally:
        children.stop()
    return 0


def of(settings: Settings, *, nlu: bool) -> Children:
    """The processes with what each of them may know."""
    environment = {**reading.written(), **os.environ, "AMANA_HOME": str(settings.home.resolve())}
    me, names = [sys.executable, "-m", "amana"], ["bot", "scheduler", "console"]
    if nlu and settings.nlu_python and not settings.nlu_url:
        environment["AMANA_NLU_TOKEN"] = settings.nlu_token or secrets.token_urlsafe(32)
        names.insert(0, "nlu")
    elif not settings.nlu_url:
        environment.pop("AMANA_NLU_TOKEN", None)
    commands = {"nlu": ["nlu", "serve"]}
    return Children([
        Child(name, [*me, *commands.get(name, [name])], reading.handed(environment, name)) for name in names
    ])  # fmt: skip


def wait_until_ready(settings: Settings, children: Children) -> None:
    """Until bot and console answer; a process that cannot start says itself why."""
    until = time.monotonic() + _READY_WITHIN
    wanted = [
        f"http://{settings.bot_host}:{settings.bot_port}/",
        f"http://{settings.console_host}:{settings.console_port}/sign-in",
    ]
    while wanted:
        wanted = [each for each in wanted if not _answers(each)]
        for child in children.every:
            if child.name != "nlu" and child.process is not None and child.process.poll() is not None:
                raise SystemExit(f"amana: {child.name} could not start; what it said stands above.")
        if time.monotonic() > until:
            raise SystemExit(f"amana: no answer from {', '.join(wanted)} within {_READY_WITHIN:.0f} seconds.")
        time.sleep(_LOOK_EVERY)


def _answers(url: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=2) as answer:
            return bool(answer.status == 200)  # noqa: PLR2004 - OK
    except (OSError, urllib.error.URLError):
        return False


def _greet(settings: Settings, token: str | None, *, nlu: bool) -> None:
    console = settings.console_url or f"http://{settings.console_host}:{settings.console_port}"
    print("Amana is running.")
    print(f"  Web chat       http://{settings.bot_host}:{settings.bot_port}/")
    print(f"  Staff console  {console}/")
    print(f"  Telegram       {'on' if settings.telegram_token else 'off (set AMANA_TELEGRAM_TOKEN)'}")
    print(
        f"  Understanding  {'Rasa, ready in a few seconds' if nlu or settings.nlu_url else 'off: buttons and numbers'}"
    )
    if token:
        print("\nNobody of staff has enrolled. The first member does it here, once:")
        print(f"  {founding.link(settings, token)}")
        print("Enrol before people write: until then this link is the only key to what they send.")
    print("\nCtrl-C stops it.", flush=True)


def _told_to_stop() -> None:
    def stop(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
