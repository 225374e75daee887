"""Rasa's server: this machine's own address alone, a token, one question; no log, and no text is kept or printed."""

from __future__ import annotations

import asyncio
import hmac
import json
import multiprocessing
import os
import socket
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlu import model

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping
    from multiprocessing.process import BaseProcess

    from nlu.model import Parse

    App = Callable[..., Awaitable[None]]

LARGEST_BODY = 32_768
# Connections and calls; the bot has a hundred connections at most, and what waits longer is not waited for there.
MOST_AT_ONCE = 128
# Where a worker finds the folder of its model.
_SERVES = "AMANA_NLU_SERVES"


def serve(home: Path, port: int, workers: int = 1) -> None:
    """Answer on this machine's own address until told to stop; train first if there is no model."""
    if not os.environ.get("AMANA_NLU_TOKEN", ""):
        sys.exit("AMANA_NLU_TOKEN is not set: the language server does not start without a token.")
    # The protocol is named because asyncio switches Nagle's delay off (40 ms an answer) only where it is.
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind(("127.0.0.1", port))
    except OSError:
        sys.exit(f"Port {port} on 127.0.0.1 is taken (AMANA_NLU_PORT).")
    if model.train(home):  # begin anew, so that the memory of training is given back
        door.close()
        os.execv(sys.executable, [sys.executable, "-m", "nlu.rasa", *sys.argv[1:]])  # noqa: S606
    import uvicorn  # noqa: PLC0415
    from uvicorn.supervisors import Multiprocess  # noqa: PLC0415

    os.environ[_SERVES] = str(home)
    config = uvicorn.Config(
        "nlu.serving:understanding",
        factory=True,
        workers=workers,
        loop="asyncio",
        http="h11",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=MOST_AT_ONCE,
        timeout_keep_alive=60,
        timeout_graceful_shutdown=2,
    )
    if workers > 1:
        Multiprocess(config, sockets=[door]).run()
    else:
        uvicorn.Server(config).run(sockets=[door])


def understanding() -> App:
    """What answers, in the process that answers: Rasa is loaded, said to be ready, and silent from then on."""
    home, token = Path(os.environ[_SERVES]), os.environ["AMANA_NLU_TOKEN"]
    if (keeper := multiprocessing.parent_process()) is not None:
        model.be_quiet(home / "rasa-home")
        # Whoever keeps the workers may be killed; a worker that nobody keeps would hold the port.
        threading.Thread(target=_go_with, args=(keeper,), daemon=True).start()
    parse = model.load(home)
    with ThreadPoolExecutor(1) as first:  # uvicorn's own loop runs already
        first.submit(asyncio.run, parse("good morning")).result()
    print("Rasa understands.", flush=True)
    with Path(os.devnull).open("w") as nowhere:  # whatever a library still wants to say
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    return _app(parse, token)


def _go_with(keeper: BaseProcess) -> None:
    keeper.join()
    os._exit(1)


def _app(parse: Parse, token: str) -> App:
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
