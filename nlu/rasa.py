"""Rasa in its own environment: train, serve, test. Knows no key, no database, nobody; keeps and prints no text.

`python -m nlu.rasa train|serve|test`, run by Python 3.11 or 3.10 with requirements/nlu.lock. `rasa run` is not used: it
listens to everybody, answers on channels whatever the token, lets anyone replace the model, prints what people write.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import fcntl
import hashlib
import hmac
import io
import json
import logging
import os
import re
import signal
import socket
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, MutableMapping

    Parse = Callable[[str], Coroutine[Any, Any, dict[str, Any]]]

ROOT = Path(__file__).resolve().parent.parent
CONFIG, DATA, TESTS = ROOT / "config.yml", ROOT / "nlu" / "data", ROOT / "nlu" / "tests"
LEARNT_FROM = (CONFIG, *sorted(DATA.glob("*.yml")), ROOT / "nlu" / "classifier.py")
LONGEST = 1_000
LARGEST_BODY = 16_384
RANKED = 5
NOTHING = {"intent": {"name": None, "confidence": 0.0}, "intent_ranking": []}


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m nlu.rasa")
    parser.add_argument("command", choices=("train", "serve", "test"))
    parser.add_argument("--home", type=Path, default=Path(os.environ.get("AMANA_HOME") or ROOT / "var"))
    parser.add_argument("--port", type=int, default=5005)
    asked = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        home = asked.home.resolve()
        _be_quiet(home / "rasa-home")
        if asked.command == "serve":
            serve(home, asked.port)
        elif asked.command == "train":
            train(home)
        else:
            test(home)


def _be_quiet(home: Path) -> None:
    """Before Rasa is imported: no log, no telemetry, no stray thread, nothing in the user's own folder."""
    temporary = home / "tmp"
    temporary.mkdir(parents=True, exist_ok=True, mode=0o700)
    tempfile.tempdir = str(temporary)
    os.environ.update(
        HOME=str(home), XDG_CONFIG_HOME=str(home), XDG_CACHE_HOME=str(home), RASA_TELEMETRY_ENABLED="false"
    )
    # One thread each: on two busy cores several take three times as long, waiting for one another.
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    sys.path[:] = [str(ROOT), *(entry for entry in sys.path if entry not in ("", str(ROOT)))]
    logging.disable(logging.CRITICAL)

    import structlog  # noqa: PLC0415 - the NLU environment's

    def drop(*_: object) -> NoReturn:
        raise structlog.DropEvent

    structlog.configure(processors=[drop], logger_factory=structlog.ReturnLoggerFactory())
    from nlu import without_tensorflow  # noqa: PLC0415 - before Rasa, and only where Rasa is

    without_tensorflow.install()


def _model(home: Path) -> Path:
    """Name the model after everything it is made from: there, or to be made."""
    stamp = hashlib.sha256()
    for path in LEARNT_FROM:
        stamp.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return home / "model" / f"nlu-{stamp.hexdigest()[:16]}.tar.gz"


@contextlib.contextmanager
def _one_at_a_time(home: Path) -> Iterator[None]:
    (home / "model").mkdir(parents=True, exist_ok=True, mode=0o700)
    with (home / "model" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def train(home: Path) -> bool:
    """Make the model unless it is there; true if there was something to do."""
    if _model(home).exists():
        return False
    with _one_at_a_time(home):
        model = _model(home)
        if model.exists():  # made by somebody else while we waited
            return False
        print("Training the language model, about ten seconds.", flush=True)
        half = model.with_name(f"half-{os.getpid()}.tar.gz")
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            _train(half)
        half.replace(model)
        for old in model.parent.glob("*.tar.gz"):
            if old != model:
                old.unlink(missing_ok=True)
    return True


def _train(to: Path) -> None:
    import rasa.model_training  # noqa: PLC0415
    from rasa.engine.caching import TrainingCache  # noqa: PLC0415

    class Forgets(TrainingCache):  # type: ignore[misc,unused-ignore]
        """Rasa's cache is a database; the stamp in the model's name does its work."""

        def cache_output(self, *_: object, **__: object) -> None: ...
        def get_cached_output_fingerprint(self, *_: object) -> None: ...
        def get_cached_result(self, *_: object) -> None: ...

    rasa.model_training.LocalTrainingCache = Forgets
    rasa.model_training.train_nlu(str(CONFIG), str(DATA), str(to.parent), fixed_model_name=to.name)


def _load(home: Path) -> Parse:
    from rasa.core.agent import Agent  # noqa: PLC0415

    agent = Agent.load(str(_model(home)))

    async def parse(text: str) -> dict[str, Any]:
        # A leading slash would let the writer choose the intent.
        plain = re.sub(r"^[\s/]+", "", text[:LONGEST])
        if not plain:
            return NOTHING
        said = await agent.parse_message(plain)
        return {"intent": said["intent"], "intent_ranking": said["intent_ranking"][:RANKED]}

    return parse


def test(home: Path) -> None:
    """Print, a language a line, how the held-out sentences of nlu/tests are understood."""
    from nlu.intents import SAFETY, SAFETY_FLOOR, THRESHOLD  # noqa: PLC0415 - beside Rasa's own late imports

    train(home)
    parse = _load(home)
    for path in sorted(TESTS.glob("*.yml")):
        meant = list(_sentences(path))
        ranked = [(intent, asyncio.run(parse(text))["intent_ranking"]) for intent, text in meant]
        first = [(intent, one[0]["name"], one[0]["confidence"]) for intent, one in ranked]
        safe = [(intent, {each["name"]: each["confidence"] for each in one}) for intent, one in ranked]
        grave = [one for one in safe if one[0] in SAFETY]
        other = [one for one in safe if one[0] not in SAFETY]
        shares = {
            "accuracy": _share(intent == name for intent, name, _ in first),
            f"at {THRESHOLD}: right": _share(intent == name and p >= THRESHOLD for intent, name, p in first),
            "none": _share(p < THRESHOLD for *_, p in first),
            "wrong": _share(intent != name and p >= THRESHOLD for intent, name, p in first),
            "safety recall: first": _share(max(p, key=lambda n: p[n]) == intent for intent, p in grave),
            f"at {SAFETY_FLOOR}": _share(p.get(intent, 0) >= SAFETY_FLOOR for intent, p in grave),
            "any safety intent": _share(any(p.get(n, 0) >= SAFETY_FLOOR for n in SAFETY) for _, p in grave),
            "false alarms": _share(any(p.get(n, 0) >= SAFETY_FLOOR for n in SAFETY) for _, p in other),
        }
        print(path.stem, len(meant), "sentences;", ", ".join(f"{name} {share:.2f}" for name, share in shares.items()))


def _sentences(path: Path) -> Iterator[tuple[str, str]]:
    intent = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("- intent: "):
            intent = line.removeprefix("- intent: ")
        elif line.startswith("    - "):
            yield intent, line.removeprefix("    - ")


def _share(hits: Iterable[bool]) -> float:
    counted = list(hits)
    return sum(counted) / len(counted)


def serve(home: Path, port: int) -> None:
    """Answer on this machine's own address until told to stop; train first if there is no model."""
    token = os.environ.get("AMANA_NLU_TOKEN", "")
    if not token:
        sys.exit("AMANA_NLU_TOKEN is not set: the language server does not start without a token.")
    # The protocol is named because asyncio switches Nagle's delay off (40 ms an answer) only where it is.
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind(("127.0.0.1", port))
    except OSError:
        sys.exit(f"Port {port} on 127.0.0.1 is taken (AMANA_NLU_PORT).")
    if train(home):  # begin anew, so that the memory of training is given back
        door.close()
        os.execv(sys.executable, [sys.executable, "-m", "nlu.rasa", *sys.argv[1:]])  # noqa: S606
    parse = _load(home)
    asyncio.run(parse("good morning"))
    import uvicorn  # noqa: PLC0415

    config = uvicorn.Config(
        _app(parse, token),
        loop="asyncio",
        http="h11",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=60,
        timeout_graceful_shutdown=2,
    )
    print("Rasa understands.", flush=True)
    with Path(os.devnull).open("w") as nowhere:  # whatever a library still wants to say
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    uvicorn.Server(config).run(sockets=[door])


def _app(parse: Parse, token: str) -> Callable[..., Awaitable[None]]:
    expected = f"Bearer {token}".encode()

    async def answer(scope: MutableMapping[str, Any], receive: Callable[[], Awaitable[Any]]) -> tuple[int, object]:
        match scope["method"], scope["path"]:
            case "GET", "/health":
                return 200, {"nlu": "ok"}
            case "POST", "/model/parse":
                pass
            case _:
                return 404, {"error": "not found"}
        if not hmac.compare_digest(dict(scope["headers"]).get(b"authorization", b""), expected):
            return 401, {"error": "token missing or wrong"}
        body, more = b"", True
        while more:
            part = await receive()
            body += part.get("body", b"")
            more = part.get("more_body", False)
            if len(body) > LARGEST_BODY:
                return 413, {"error": "too large"}
        try:
            match json.loads(body):
                case {"text": str(text)}:
                    return 200, await parse(text)
                case _:
                    pass
        except (ValueError, RecursionError):
            pass
        except Exception:  # noqa: BLE001 - what a library raises may hold what a person wrote
            return 500, {"error": "failed"}
        return 400, {"error": 'expected {"text": "..."}'}

    async def app(
        scope: MutableMapping[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        if scope["type"] != "http":
            return
        status, value = await answer(scope, receive)
        headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(value).encode()})

    return app


if __name__ == "__main__":
    main()
