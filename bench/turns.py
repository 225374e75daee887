"""Messages a second through the web API, whole reports, sealed and durable on SQLite; beside it the bare store."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import socket
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from amana import founding, nlu
from amana import run as running
from amana.browsing import Answers, Question, asked
from bench.http import Connection
from house.settings import Settings
from store import people
from store.db import Store, Tx
from store.schema import addresses, meta, outbox

# One whole report, as a person types it: the number of an option, or words of their own, for what is asked.
TALK = Answers(
    options={
        "language": "en", "menu": "report", "consent": "agree", "unfinished": "no", "complaint.category": "cash",
        "complaint.handler": "either", "complaint.party": "self", "complaint.more": "go_on",
        "complaint.when": "yesterday", "complaint.relation": "yes", "complaint.contact": "confidential",
        "complaint.others": "no", "complaint.write": "yes", "complaint.hours": "any", "complaint.review": "send",
    },
    words={
        "complaint.what": "The shop took my card and gave half.", "complaint.where": "Site 3, by the well",
        "complaint.wish": "My card back",
    },
)  # fmt: skip
# The first word brings the question for the language; with the question for the code the receipt is there.
_FIRST_WORD, _RECEIPT, _MOST_MESSAGES = "1", "kept", 60
TALKS_EACH = {1: 40, 8: 20, 32: 20}


def run() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory(prefix="amana-bench-") as folder:
        ports = [_free() for _ in range(3)]
        settings = Settings(
            home=Path(folder), bot_port=ports[0], console_port=ports[1], nlu_port=ports[2],
            nlu_python=os.environ.get("AMANA_NLU_PYTHON", ""), log_level="WARNING",
        )  # fmt: skip
        for name, value in {
            "HOME": folder,
            "BOT_PORT": ports[0],
            "CONSOLE_PORT": ports[1],
            "NLU_PORT": ports[2],
        }.items():
            os.environ[f"AMANA_{name}"] = str(value)
        founding.found(settings)
        _train(settings)
        children = running.of(settings, nlu=bool(settings.nlu_python))
        try:
            for child in children.every:
                children.start(child)
            running.wait_until_ready(settings, children)
            _wait_for_understanding(settings)
            _measure(settings, children)
        finally:
            children.stop()


def _measure(settings: Settings, children: running.Children) -> None:
    warm, _, _ = _load(settings.bot_port, 4, 2)
    messages = len(warm) // (4 * 2)
    for talks, each in TALKS_EACH.items():
        bare_before = _bare(settings.home / "bare.db", talks * each * messages, talks)
        times, seconds, refused = _load(settings.bot_port, talks, each)
        bare_after = _bare(settings.home / "bare.db", talks * each * messages, talks)
        bare = statistics.median([bare_before, bare_after])
        rate = len(times) / seconds
        ranked = sorted(times)
        _say(
            name="turns", talks=talks, messages=len(times), refused=refused, per_second=round(rate),
            p50_ms=_ms(ranked, 0.50), p95_ms=_ms(ranked, 0.95), bare_store_per_second=round(bare),
            share_of_bare_store=round(rate / bare, 2),
        )  # fmt: skip
    memory = {each.name: _resident(each) for each in children.every}
    _say(name="memory", **{f"{key}_mb": value for key, value in memory.items()}, all_mb=sum(memory.values()))


def _load(port: int, talks: int, each: int) -> tuple[list[float], float, int]:
    """Have the talks in a process of their own; times of every message, the whole time, what was refused."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_talks, (port, talks, each))


def _talks(port: int, talks: int, each: int) -> tuple[list[float], float, int]:
    async def all_of_them() -> tuple[list[list[float]], float]:
        begun = time.perf_counter()
        found = await asyncio.gather(*(_one(port, each) for _ in range(talks)))
        return list(found), time.perf_counter() - begun

    found, seconds = asyncio.run(all_of_them())
    times = [each_ for one in found for each_ in one]
    return [each_ for each_ in times if each_ >= 0], seconds, sum(1 for each_ in times if each_ < 0)


async def _one(port: int, each: int) -> list[float]:
    connection, times = await Connection.to(port), []
    for _ in range(each):
        token = json.loads((await connection.call("POST", "/chat"))[1])["person"]
        times += await _report(connection, token)
    connection.close()
    return times


async def _report(connection: Connection, token: str) -> list[float]:
    """Answer what is asked until the receipt is there; what each message took."""
    times: list[float] = []
    after, question = 0, None
    while question is None or question.name != _RECEIPT:
        assert len(times) < _MOST_MESSAGES, f"no receipt, but {question}"  # nosec B101  # nobody measures with -O
        message = {"id": str(len(times)), "text": _typed(question) if question else _FIRST_WORD}
        begun = time.perf_counter()
        status, _ = await connection.call("POST", "/chat/messages", token, message)
        times.append(time.perf_counter() - begun if status == 202 else -1)
        if status == 202:
            found = json.loads((await connection.call("GET", f"/chat/letters?after={after}", token))[1])
            after, question = found[-1]["n"], _newest(found) or question
    return times


def _typed(question: Question) -> str:
    return TALK.said(question) or str(question.options.index(TALK.option(question)) + 1)


def _newest(letters: list[dict[str, Any]]) -> Question | None:
    every = [asked(choice["id"] for choice in each["choices"]) for each in letters]
    return next((each for each in reversed(every) if each), None)


def _bare(path: Path, units: int, at_once: int) -> float:
    """The same rows without anything else: one writer, `at_once` callers that wait for their commit."""
    store = Store(f"sqlite:///{path}")
    meta.create_all(store.engine)
    mark = os.urandom(4).hex()

    def unit(tx: Tx, name: str) -> None:
        people.claim(tx, name, "web", 1)
        tx.put(
            addresses, id=name, channel="web", kind="person", sealed=b"x" * 300, reachable=True, letters=1, stone="x",
            seen=1,
        )  # fmt: skip
        people.keep(tx, name, b"x" * 1100)
        tx.new(
            outbox, key=name, address=name, channel="web", n=1, lane=1, state="waiting", attempts=0, not_before=0,
            lease_until=0, sealed=b"x" * 1200, at=1,
        )  # fmt: skip

    def caller(who: int) -> None:
        for each in range(units // at_once):
            store.do(partial(unit, name=f"{mark}{who:04d}{each:06d}"))

    begun = time.perf_counter()
    with ThreadPoolExecutor(at_once) as callers:
        list(callers.map(caller, range(at_once)))
    rate = units / (time.perf_counter() - begun)
    store.close()
    return rate


def _wait_for_understanding(settings: Settings) -> None:
    async def health() -> str:
        connection = await Connection.to(settings.bot_port)
        try:
            return str(json.loads((await connection.call("GET", "/health"))[1])["nlu"])
        finally:
            connection.close()

    until = time.monotonic() + 30
    while settings.nlu_python and asyncio.run(health()) != "ok" and time.monotonic() < until:
        time.sleep(0.5)
    _say(name="understanding", state=asyncio.run(health()))


def _train(settings: Settings) -> None:
    if settings.nlu_python:
        nlu.run(settings, "train")


def _resident(child: running.Child) -> int:
    """Resident memory of a process and its children, in MB."""
    if child.process is None:
        return 0
    pids = [child.process.pid, *_children_of(child.process.pid)]
    pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids)
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6)


def _children_of(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(each) for each in found]


def _ms(ranked: list[float], share: float) -> float:
    return round(ranked[min(len(ranked) - 1, int(len(ranked) * share))] * 1000, 1)


def _free() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _say(**figure: object) -> None:
    print(json.dumps(figure), flush=True)
