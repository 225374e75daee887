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
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterator, MutableMapping

    from nlu.measuring import Seen

    Parse = Callable[[str], Coroutine[Any, Any, dict[str, Any]]]

ROOT = Path(__file__).resolve().parent.parent
CONFIG, DATA, TESTS = ROOT / "config.yml", ROOT / "nlu" / "data", ROOT / "nlu" / "tests"
_LEARNS = ("classifier.py", "borders.py", "plain.py")
LEARNT_FROM = (CONFIG, *sorted(DATA.glob("*.yml")), *(ROOT / "nlu" / each for each in _LEARNS))
LONGEST = 4_000
LARGEST_BODY = 32_768
RANKED = 5
_CONFUSED = 12
NOTHING: dict[str, Any] = {"intent": {"name": None, "confidence": 0.0}, "intent_ranking": [], "safety": {}}


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
        print("Training the language model, about two minutes.", flush=True)
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
    with tempfile.TemporaryDirectory() as folder:
        together = Path(folder) / "together.yml"
        together.write_text(_together(), encoding="utf-8")
        rasa.model_training.train_nlu(str(CONFIG), str(together), str(to.parent), fixed_model_name=to.name)


def _together() -> str:
    """Every language's examples as one file: Rasa copies all it has read so far for each further one."""
    every = [path.read_text(encoding="utf-8").split("nlu:\n", 1) for path in sorted(DATA.glob("*.yml"))]
    return f"{every[0][0]}nlu:\n" + "".join(examples for _, examples in every)


def _load(home: Path) -> Parse:
    from rasa.core.agent import Agent  # noqa: PLC0415

    model = _model(home)
    agent, version = Agent.load(str(model)), model.name.removeprefix("nlu-").removesuffix(".tar.gz")

    async def parse(text: str) -> dict[str, Any]:
        # A leading slash would let the writer choose the intent.
        plain = re.sub(r"^[\s/]+", "", text[:LONGEST])
        if not plain:
            return NOTHING
        said = await agent.parse_message(plain)
        return {
            "intent": said["intent"], "intent_ranking": said["intent_ranking"][:RANKED], "safety": said["safety"],
            "model": version,
        }  # fmt: skip

    return parse


def test(home: Path) -> None:
    """Print, language by language, how the sentences of nlu/tests are understood, and what is confused most."""
    from nlu import keywords, measuring  # noqa: PLC0415 - beside Rasa's own late imports

    train(home)
    parse = _load(home)
    print("Shares of one, with Wilson's interval of 95 % behind the accuracy; a keyword list in the same run.")
    for path in sorted(TESTS.glob("*.yml")):
        seen, times = _examined(parse, path)
        shares = measuring.shares(seen)
        low, high = measuring.interval(shares["accuracy"], len(seen))
        listed = keywords.learn(_sentences(DATA / path.name))
        known = measuring.share(keywords.name(listed, text) == intent for intent, text in _sentences(path))
        print(f"{path.stem}: {len(seen)} sentences, accuracy {low:.3f} to {high:.3f}, keywords alone {known:.3f}")
        print("   ", ", ".join(f"{name} {value:.3f}" for name, value in shares.items()))
        print(f"    p50 {1000 * sorted(times)[len(times) // 2]:.2f} ms, {len(times) / sum(times):.0f} a second")
        print("    taken for:", ", ".join(f"{b} for {a} {n}" for a, b, n in measuring.confused(seen, _CONFUSED)))


def _examined(parse: Parse, path: Path) -> tuple[list[Seen], list[float]]:
    """Every sentence of a set as it is understood, and how long each took (seconds)."""
    seen, times = [], []
    for intent, text in _sentences(path):
        began = time.perf_counter()
        seen.append(_seen(intent, asyncio.run(parse(text))))
        times.append(time.perf_counter() - began)
    return seen, times


def _seen(meant: str, said: dict[str, Any]) -> Seen:
    from nlu.measuring import Seen  # noqa: PLC0415

    return Seen(meant, [(each["name"], each["confidence"]) for each in said["intent_ranking"]], said["safety"])


def _sentences(path: Path) -> Iterator[tuple[str, str]]:
    intent = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("- intent: "):
            intent = line.removeprefix("- intent: ")
        elif line.startswith("    - "):
            yield intent, line.removeprefix("    - ")


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
