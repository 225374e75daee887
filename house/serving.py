"""Running a web application of ours: quiet, on one address, stopped by one signal."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable
from contextlib import suppress

import uvicorn
from starlette.types import ASGIApp
from typing_extensions import override


class PortTaken(Exception):
    """The port cannot be used; the sentence says which and what to do."""


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens already, so that a taken port is one sentence and not a traceback."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio turns Nagle off only where it is: 40 ms a call otherwise.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortTaken(
            f"{host}:{port} cannot be used ({error.strerror}). Stop what runs there or set another port."
        ) from None
    return listener


def serve(app: ASGIApp, host: str, port: int, ready: Callable[[], None] = lambda: None) -> None:
    """Serve until SIGINT or SIGTERM; nothing about any request is logged."""
    listener = listening(host, port)
    config = uvicorn.Config(
        app, access_log=False, log_config=None, server_header=False, date_header=False, timeout_graceful_shutdown=3,
        timeout_keep_alive=75, lifespan="on", ws="none", proxy_headers=False,
    )  # fmt: skip
    # uvicorn ends its process by the signal it got; this way the caller still closes what it holds.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(_Server(config, ready).serve([listener]))


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()
