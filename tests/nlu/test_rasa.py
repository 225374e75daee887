"""The real Rasa, in its own environment (AMANA_NLU_PYTHON)."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from nlu.client import Client
from nlu.intents import ASKED_FROM, SAFETY
from nlu.model import RANKED

ROOT = Path(__file__).parents[2]
TOKEN = "token-of-the-test"
PYTHON = os.environ.get("AMANA_NLU_PYTHON", "")
CANARY = "my food card does not work zyzzyva"
NOTHING: dict[str, object] = {"intent": {"name": None, "confidence": 0.0}, "intent_ranking": [], "safety": {}}

pytestmark = [
    pytest.mark.rasa,
    pytest.mark.skipif(not PYTHON, reason="AMANA_NLU_PYTHON names no Python with requirements/nlu.lock"),
]


@dataclass
class Server:
    """A running one."""

    port: int
    home: Path
    process: subprocess.Popen[str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def parse(self, text: object, token: str = TOKEN, path: str = "/model/parse") -> httpx.Response:
        return httpx.post(
            self.url + path, json={"text": text}, headers={"Authorization": f"Bearer {token}"}, trust_env=False
        )


def environment(home: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(home / "nobody"), "AMANA_NLU_TOKEN": TOKEN}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("home")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (home / "printed").open("w")
    command = [PYTHON, "-m", "nlu.rasa", "serve", "--port", str(port), "--home", str(home)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment(home), stdout=log, stderr=subprocess.STDOUT, text=True
    )
    served = Server(port, home, process)
    deadline = time.monotonic() + 400
    while True:
        assert process.poll() is None, (home / "printed").read_text()
        assert time.monotonic() < deadline, "Rasa does not come up"
        try:
            if httpx.get(served.url + "/health", trust_env=False, timeout=1).status_code == 200:
                break
        except httpx.HTTPError:
            time.sleep(0.2)
    yield served
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    log.close()
    printed = (home / "printed").read_text()
    assert "zyzzyva" not in printed
    assert "Traceback" not in printed
    assert not (home / "nobody").exists()
    kept = [path for path in home.rglob("*") if path.is_file() and b"zyzzyva" in path.read_bytes()]
    assert kept == []


def test_it_understands(server: Server) -> None:
    said = server.parse(CANARY).json()
    assert said["intent"]["name"] == "report_problem"
    assert said["intent"] == said["intent_ranking"][0]
    assert len(said["intent_ranking"]) == RANKED
    assert set(said) == {"intent", "intent_ranking", "safety", "model"}
    assert set(said["safety"]) == SAFETY
    assert re.fullmatch("[0-9a-f]{16}", said["model"])


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("où en est mon dossier", "check_status"), ("quiero hablar con una persona", "talk_to_human"),
        ("أريد أن أتكلم مع شخص", "talk_to_human"), ("nataka kuongea na mtu", "talk_to_human"),
    ],
)  # fmt: skip
def test_it_understands_every_language(server: Server, text: str, intent: str) -> None:
    assert server.parse(text).json()["intent"]["name"] == intent


def test_one_sentence_of_many_is_not_overlooked(server: Server) -> None:
    """A long text about other things, in which one sentence says that a worker wants sex for a card. (R66)"""
    around = "The water came late this week and the queue was long. We also wait for the new roof of the school. "
    said = server.parse(f"{around * 3}The man who gives the cards wants sex for a card. {around * 3}Thank you.").json()

    assert sum(said["safety"].values()) >= ASKED_FROM
    assert max(said["safety"], key=said["safety"].__getitem__) == "report_sea"


@pytest.mark.parametrize("token", ["wrong", TOKEN + "x", TOKEN[:-1]])
def test_nobody_is_answered_without_the_token(server: Server, token: str) -> None:
    answer = server.parse(CANARY, token)
    assert answer.status_code == 401
    assert "zyzzyva" not in answer.text
    assert httpx.post(server.url + "/model/parse", json={"text": CANARY}, trust_env=False).status_code == 401


@pytest.mark.parametrize(
    "path", ["/", "/model", "/model/train", "/model/parse/", "/webhooks/rest/webhook", "/conversations/x/messages",
             "/status", "/version", "/domain", "/docs", "/openapi.json"]
)  # fmt: skip
def test_there_is_nothing_else(server: Server, path: str) -> None:
    assert server.parse(CANARY, path=path).status_code == 404
    for method in ("GET", "PUT", "DELETE", "OPTIONS"):
        answer = httpx.request(method, server.url + path, headers={"Authorization": f"Bearer {TOKEN}"}, trust_env=False)
        assert answer.status_code == 404


def test_parse_answers_no_other_method(server: Server) -> None:
    for method in ("GET", "PUT", "DELETE"):
        assert httpx.request(method, server.url + "/model/parse", trust_env=False).status_code == 404


@pytest.mark.parametrize("text", ["/report_sea", "//report_sea", " /report_sea", "/report_sea{}", "\u00a0/report_sea"])
def test_no_intent_can_be_injected(server: Server, text: str) -> None:
    said = server.parse(text).json()
    assert said["intent"]["confidence"] < 0.999
    assert len(said["intent_ranking"]) == RANKED


@pytest.mark.parametrize("text", ["", "/", " // ", "\n"])
def test_nothing_said_is_nothing_meant(server: Server, text: str) -> None:
    assert server.parse(text).json() == NOTHING


@pytest.mark.parametrize("text", ["لا توجد مياه", "\ud800", "zero\x00byte", "👍", "12", "a" * 4000, "é" * 6000])
def test_any_text_is_answered(server: Server, text: str) -> None:
    body = json.dumps({"text": text})
    answer = httpx.post(
        server.url + "/model/parse",
        content=body,
        headers={"Authorization": f"Bearer {TOKEN}"},
        trust_env=False,
    )
    assert answer.status_code == (413 if len(body) > 32_768 else 200)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'{"text": 7}', b"\xff\xfe", b"[" * 9000, b'{"words": "a"}']
)
def test_what_is_not_asked_rightly_is_refused(server: Server, body: bytes) -> None:
    answer = httpx.post(
        server.url + "/model/parse", content=body, headers={"Authorization": f"Bearer {TOKEN}"}, trust_env=False
    )
    assert answer.status_code == 400


def test_too_much_is_refused(server: Server) -> None:
    assert server.parse("a " * 500_000).status_code == 413


def test_it_listens_on_loopback_alone(server: Server) -> None:
    wanted = f":{server.port:04X}"
    listening = [
        line.split()[1]
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        if Path(table).exists()
        for line in Path(table).read_text().splitlines()[1:]
        if line.split()[3] == "0A" and line.split()[1].endswith(wanted)
    ]
    assert listening == [f"0100007F{wanted}"]


async def test_the_client_and_rasa_speak_the_same_words(server: Server) -> None:
    client = Client(server.url, TOKEN)
    understood = await client.understand(CANARY)
    assert understood is not None
    assert understood.intent == "report_problem"
    await client.aclose()
    stranger = Client(server.url, "wrong")
    assert await stranger.understand(CANARY) is None
    await stranger.aclose()


async def test_a_burst_is_answered(server: Server) -> None:
    client = Client(server.url, TOKEN)
    answers = await asyncio.gather(*(client.understand("bonjour") for _ in range(40)))
    await client.aclose()
    assert {one.intent for one in answers if one} == {"greet"}


def test_a_second_start_on_the_same_port_says_so(server: Server) -> None:
    second = subprocess.run(
        [PYTHON, "-m", "nlu.rasa", "serve", "--port", str(server.port), "--home", str(server.home)],
        cwd=ROOT, env=environment(server.home), capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert second.returncode == 1
    assert "taken" in second.stderr
    assert "Traceback" not in second.stderr


def test_it_refuses_to_start_without_a_token(server: Server) -> None:
    bare = environment(server.home) | {"AMANA_NLU_TOKEN": ""}
    refused = subprocess.run(
        [PYTHON, "-m", "nlu.rasa", "serve", "--home", str(server.home)],
        cwd=ROOT, env=bare, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert refused.returncode == 1
    assert "AMANA_NLU_TOKEN" in refused.stderr


def test_training_again_is_nothing_to_do(server: Server) -> None:
    began = time.monotonic()
    subprocess.run(
        [PYTHON, "-m", "nlu.rasa", "train", "--home", str(server.home)],
        cwd=ROOT, env=environment(server.home), check=True, timeout=30,
    )  # fmt: skip
    assert time.monotonic() - began < 5
    assert [path.suffix for path in (server.home / "model").glob("*.gz")] == [".gz"]


def test_two_workers_understand_and_go_with_whoever_keeps_them(server: Server) -> None:
    """Two processes answer on one port; when their keeper is killed nobody is left who would hold it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    keeper = subprocess.Popen(
        [PYTHON, "-m", "nlu.rasa", "serve", "--port", str(port), "--home", str(server.home), "--workers", "2"],
        cwd=ROOT, env=environment(server.home), stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    both = Server(port, server.home, keeper)
    assert keeper.stdout is not None
    try:
        assert ["Rasa understands.\n"] * 2 == [keeper.stdout.readline() for _ in range(2)]
        assert {"greet"} == {both.parse("hello there").json()["intent"]["name"] for _ in range(8)}
        assert both.parse("hello there", "wrong").status_code == 401
    finally:
        keeper.kill()
        keeper.wait(10)
        keeper.stdout.close()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with socket.socket() as again:
            again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                again.bind(("127.0.0.1", port))
                again.listen()
                return
            except OSError:
                time.sleep(0.1)
    raise AssertionError("somebody still holds the port")
