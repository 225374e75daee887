"""The real processes of one house, each its own, that a test can kill; and what they have left on the disk."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import httpx

from house.settings import handed
from tests.fakes.bot_api import BotApi

ROOT = Path(__file__).parent.parent.parent
HOST = "127.0.0.1"
EVERY = ("bot", "scheduler", "console")
_BELOW_EPHEMERAL = range(15_000, 32_000)
_SCHEDULER_READY = b"waiting for what is due"
T = TypeVar("T")


def free_port() -> int:
    """A port that nobody uses, and that no outgoing connection can take while its owner is dead."""
    while True:
        port = random.choice(_BELOW_EPHEMERAL)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind((HOST, port))
            return port


def wait_until(true: Callable[[], T], what: str, timeout: float = 30.0) -> T:
    """Whatever it returned as soon as that is true."""
    until = time.monotonic() + timeout
    while not (found := true()):
        if time.monotonic() > until:
            raise TimeoutError(f"{what}: not within {timeout} s")
        time.sleep(0.05)
    return found


class House:
    """Bot, scheduler and console over one home, founded; a context manager that starts and stops them.

    Everything lies under `base`: `home`, one log a process (appended to at each start), and `tmp` as TMPDIR. With a
    `webhook` secret Telegram posts to the bot, else it is polled.
    """

    def __init__(
        self, base: Path, *, names: Sequence[str] = EVERY, api: BotApi | None = None, webhook: str = "", **settings: str
    ) -> None:
        self.base, self.names = base, tuple(names)
        self.home, self.logs, self.tmp = base / "home", base / "logs", base / "tmp"
        for folder in (self.home, self.logs, self.tmp):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.ports = {"bot": free_port(), "console": free_port()}
        telegram = {"AMANA_TELEGRAM_TOKEN": api.token, "AMANA_TELEGRAM_API": api.url} if api else {}
        if webhook:
            telegram |= {
                "AMANA_TELEGRAM_WEBHOOK_URL": f"{self.chat}/telegram",
                "AMANA_TELEGRAM_WEBHOOK_SECRET": webhook,
            }
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AMANA_")}
        self.environment = {
            **kept,
            "PYTHONPATH": str(ROOT),
            "TMPDIR": str(self.tmp),
            "AMANA_HOME": str(self.home),
            "AMANA_PROGRAMME": str(ROOT / "programme"),
            "AMANA_BOT_PORT": str(self.ports["bot"]),
            "AMANA_CONSOLE_PORT": str(self.ports["console"]),
            "AMANA_LOG_LEVEL": "DEBUG",
            **telegram,
            **settings,
        }
        self._clients = contextlib.ExitStack()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._lock = threading.RLock()
        self.first_token = self.run("staff", "invite").stdout.rpartition("#")[2].strip()

    @property
    def chat(self) -> str:
        """Where the web chat is."""
        return f"http://{HOST}:{self.ports['bot']}"

    @property
    def console(self) -> str:
        """Where staff sign in."""
        return f"http://{HOST}:{self.ports['console']}"

    @property
    def database(self) -> Path:
        """The store's file."""
        return self.home / "amana.db"

    def __enter__(self) -> House:
        with contextlib.ExitStack() as if_it_fails:
            if_it_fails.callback(self.stop)
            for name in self.names:
                self.start(name)
            for name in self.names:
                self.ready(name)
            if_it_fails.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._clients.close()
        self.stop()

    def client(self, url: str) -> httpx.Client:
        """Somebody's connection to the house, closed at its end."""
        return self._clients.enter_context(
            httpx.Client(base_url=url, timeout=40, trust_env=False, follow_redirects=True)
        )

    def run(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """One command of the application, to its end."""
        return subprocess.run(
            self._command(*arguments), env={**self.environment, **settings}, cwd=self.base, capture_output=True,
            text=True, timeout=60, check=False,
        )  # fmt: skip

    def start(self, name: str) -> None:
        """Start a process that does not run."""
        with self._lock, self.log(name).open("ab") as log:
            self._processes[name] = subprocess.Popen(
                self._command(name), env=handed(self.environment, name), cwd=self.base, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "amana", *arguments]

    def ready(self, name: str) -> None:
        """Return as soon as the process answers; Rasa may have to learn first."""
        paths = {"bot": f"{self.chat}/page/chat.css", "console": f"{self.console}/sign-in"}

        def answers() -> bool:
            ended = self._processes[name].poll()
            if ended is not None:
                raise RuntimeError(f"{name} has ended ({ended}):\n{self.log(name).read_text()[-2000:]}")
            if name == "nlu":
                return self.understands()
            if name == "scheduler":
                return _SCHEDULER_READY in self.log(name).read_bytes()
            with contextlib.suppress(httpx.HTTPError):
                return httpx.get(paths[name], timeout=2, trust_env=False).status_code == httpx.codes.OK
            return False

        wait_until(answers, f"{name} answers", 300 if name == "nlu" else 30)

    def understands(self) -> bool:
        """Whether the bot's Rasa answers."""
        with contextlib.suppress(httpx.HTTPError):
            return bool(httpx.get(f"{self.chat}/health", timeout=5, trust_env=False).json()["nlu"] == "ok")
        return False

    def kill(self, name: str) -> None:
        """End a process as a power cut would."""
        with self._lock:
            os.killpg(self._processes[name].pid, signal.SIGKILL)
            self._processes[name].wait()

    def pid(self, name: str) -> int:
        """The process that runs under a name now."""
        return self._processes[name].pid

    def again(self, name: str) -> None:
        """Kill a process and start it at once, without waiting for it."""
        with self._lock:
            self.kill(name)
            self.start(name)

    def stop(self) -> None:
        """Ask every process to end."""
        running = [each for each in self._processes.values() if each.poll() is None]
        for each in running:
            each.terminate()
        for each in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                each.wait(15)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(each.pid, signal.SIGKILL)
            each.wait()

    def log(self, name: str) -> Path:
        """What a process wrote, over all its starts."""
        return self.logs / f"{name}.log"

    def files(self) -> Iterator[Path]:
        """Every file the processes have left anywhere."""
        return (path for path in self.base.rglob("*") if path.is_file())
