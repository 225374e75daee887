"""A strict Telegram Bot API server on loopback, with people and groups that a test can move.

It refuses what Telegram refuses, in Telegram's words, so that a bot which passes here has been held to
core.telegram.org/bots/api. Unmodified clients use it: `base_url` and `base_file_url` are for
python-telegram-bot, `url` is for aiogram. `python -m tests.fakes.bot_api --port P --token T` runs it as a
process of its own; what a test may do here is then also `POST /control/<name>`, the arguments as JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import contextlib
import dataclasses
import html
import json
import math
import re
import signal
import socket
import sys
import threading
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias
from urllib.parse import urlsplit

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable
    from types import TracebackType
    from typing import Self

    from starlette.requests import Request

Json: TypeAlias = dict[str, Any]

TOKEN = "700700700:AAloopbackloopbackloopbackloopbackloop"
MEGABYTE = 1024 * 1024
DOWNLOAD_LIMIT, UPLOAD_LIMIT, PHOTO_LIMIT = 20 * MEGABYTE, 50 * MEGABYTE, 10 * MEGABYTE
TEXT_LIMIT, CAPTION_LIMIT, ANSWER_LIMIT = 4096, 1024, 200
DATA_LIMIT, BUTTON_LIMIT = 64, 100
MOST_AT_ONCE = 100
A_DAY = 86_400.0
EVERYTHING = "*"

SENDS = frozenset({"sendMessage", "sendPhoto", "sendVoice", "sendDocument"})
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
CONTROL = [
    "adds_bot",
    "answered",
    "blocked",
    "calls",
    "clear",
    "commands",
    "confirmed",
    "deactivated",
    "delay",
    "drop_connection_on_get_updates",
    "edits",
    "expire_queries",
    "fail",
    "group",
    "kicked",
    "lets_delete",
    "lose_answer",
    "member",
    "migrate",
    "pending",
    "person",
    "redeliver",
    "removes_bot",
    "reorder",
    "says",
    "says_in_group",
    "sends",
    "sends_document",
    "sends_photo",
    "sends_voice",
    "sent",
    "standing",
    "taps",
    "too_many",
    "wait_calls",
    "wait_pending",
    "wait_sent",
    "webhook",
]

TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)([^<>]*)>")
TAGS = frozenset(
    [
        "b",
        "strong",
        "i",
        "em",
        "u",
        "ins",
        "s",
        "strike",
        "del",
        "a",
        "code",
        "pre",
        "blockquote",
        "span",
        "tg-spoiler",
        "tg-emoji",
    ]
)
COMMAND = re.compile(r"(?<!\S)/[a-zA-Z0-9_]{1,32}(?:@\w+)?")
CONFLICT_POLL = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
CONFLICT_HOOK = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
PHRASES = {429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway"}
RIGHTS = [
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
]


class Call(NamedTuple):
    """One request of the bot; status 0 means that the connection was closed without an answer."""

    at: float
    method: str
    chat_id: int | None
    status: int


@dataclass(frozen=True, slots=True)
class Sent:
    """What stands in a chat because the bot sent it, as it looks now; of a url button, data is the url."""

    message_id: int
    chat_id: int
    text: str
    buttons: list[tuple[str, str]]
    at: float
    method: str
    markup: Json | None = None
    file: bytes | None = None
    file_name: str | None = None
    params: Json = field(default_factory=dict)
    deleted: bool = False
    edited: bool = False


@dataclass(slots=True)
class _Message:
    """A message of either side: as Telegram tells it, and what the test wants to know about it."""

    body: Json
    at: float
    sent: Sent | None = None
    deleted: bool = False
    ever: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Chat:
    """A private chat or group; `bot` is how the bot stands in it."""

    id: int
    kind: str
    name: str
    bot: str
    language: str = "en"
    username: str | None = None
    migrated_to: int | None = None
    may_delete: bool = False
    members: dict[int, str] = field(default_factory=dict)

    def json(self) -> Json:
        if self.kind != "private":
            return {"id": self.id, "type": self.kind, "title": self.name}
        username = {"username": self.username} if self.username else {}
        return {"id": self.id, "type": "private", "first_name": self.name, **username}

    def user(self) -> Json:
        username = {"username": self.username} if self.username else {}
        return {
            "id": self.id,
            "is_bot": False,
            "first_name": self.name,
            "language_code": self.language,
            **username,
        }

    def refused(self) -> str | None:
        return {
            "new": "bot can't initiate conversation with a user",
            "blocked": "bot was blocked by the user",
            "deactivated": "user is deactivated",
            "kicked": f"bot was kicked from the {self.kind} chat",
            "left": f"bot is not a member of the {self.kind} chat",
        }.get(self.bot)


@dataclass(frozen=True, slots=True)
class _Update:
    id: int
    kind: str
    body: Json
    at: float
    queue: int

    def json(self) -> Json:
        return {"update_id": self.id, self.kind: self.body}


@dataclass(slots=True)
class _Fault:
    """A trouble a test has ordered; `left` counts down, None lasts until cleared."""

    kind: str
    chat_id: int | None
    method: str | None
    left: int | None
    number: float = 0

    def meets(self, method: str, chat_id: int | None) -> bool:
        named = self.method == EVERYTHING or (method in SENDS if self.method is None else method == self.method)
        return named and self.left != 0 and self.chat_id in (None, chat_id)


@dataclass(frozen=True, slots=True)
class _File:
    id: str
    unique_id: str
    path: str
    data: bytes
    name: str
    mime: str


@dataclass(slots=True)
class _Hook:
    url: str = ""
    secret: str = ""
    connections: int = 40
    error: str | None = None
    error_at: float = 0


@dataclass(slots=True)
class _Poll:
    woken: asyncio.Event
    conflict: str | None = None
    gone: bool = False


class Refusal(Exception):
    """The server says no; `status` and `description` are what the bot is told."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters

    def json(self) -> Json:
        parameters = {"parameters": self.parameters} if self.parameters else {}
        return {"ok": False, "error_code": self.status, "description": self.description, **parameters}


def _bad(description: str) -> Refusal:
    return Refusal(400, f"Bad Request: {description}")


def _too_many(seconds: float) -> Refusal:
    wait = max(1, math.ceil(seconds))
    return Refusal(429, f"Too Many Requests: retry after {wait}", retry_after=wait)


def units(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _parts(text: str) -> Iterable[str]:
    """A person's app cuts a long text into several messages."""
    part = ""
    for sign in text:
        if units(part) + units(sign) > TEXT_LIMIT:
            yield part
            part = ""
        part += sign
    yield part


def _entities(text: str) -> Json:
    found = [
        {"type": "bot_command", "offset": units(text[: match.start()]), "length": units(match[0])}
        for match in COMMAND.finditer(text)
    ]
    return {"entities": found} if found else {}


def _plain(marked_up: str) -> str:
    """The text a person sees of parse_mode=HTML, or the refusal."""
    open_tags: list[str] = []
    for match in TAG.finditer(marked_up):
        closing, name, at = match[1], match[2].lower(), len(marked_up[: match.start()].encode())
        if name not in TAGS:
            kind = "end" if closing else "start"
            raise _bad(f'can\'t parse entities: Unsupported {kind} tag "{name}" at byte offset {at}')
        if not closing:
            open_tags.append(name)
        elif not open_tags or open_tags.pop() != name:
            raise _bad(f"can't parse entities: Unexpected end tag at byte offset {at}")
    if open_tags:
        raise _bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{open_tags[-1]}\"")
    text = TAG.sub("", marked_up)
    if "<" in text:
        raise _bad(f"can't parse entities: Unsupported start tag at byte offset {marked_up.find('<')}")
    return html.unescape(text)


def wall_clock() -> float:
    """Seconds since 1970."""
    return time.time_ns() / 1e9


class Params:
    """The parameters of one call, however they came: JSON, form, multipart or in the address."""

    def __init__(self, values: Json, files: dict[str, tuple[str, bytes, str]]) -> None:
        self.values, self.files = values, files

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name, default)
        return value if isinstance(value, str) else json.dumps(value)

    def number(self, name: str, default: int = 0) -> int:
        try:
            return int(self.values.get(name, default))
        except (TypeError, ValueError):
            return default

    def flag(self, name: str) -> bool:
        return str(self.values.get(name, "")).lower() in {"true", "1"}

    def nested(self, name: str) -> Any:
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise _bad(f"can't parse {name.replace('_', ' ')} JSON object") from None

    def chat_id(self) -> int | None:
        try:
            return int(self.values["chat_id"])
        except (KeyError, TypeError, ValueError):
            return None


class BotApi:
    """The server with its people: a context manager in a test, in a thread of its own.

    `strict` switches Telegram's flood control on: 30 sends a second in all, 1 a second to a person (bursts
    of 3), 20 a minute to a group; the windows are a little short, so that a bot at the exact pace passes.
    With `reads_groups=False` the bot hears only commands and mentions in groups (Telegram's privacy mode).
    """

    def __init__(
        self,
        *,
        token: str = TOKEN,
        port: int = 0,
        strict: bool = False,
        reads_groups: bool = True,
        username: str = "amana_test_bot",
        query_age: float = 60.0,
        webhook_pause: float = 0.1,
        clock: Callable[[], float] = wall_clock,
    ) -> None:
        self.token, self.strict, self.reads_groups, self.username = token, strict, reads_groups, username
        self.query_age, self.webhook_pause, self.clock = query_age, webhook_pause, clock
        self.calls: list[Call] = []
        self.answered: list[tuple[str, str]] = []
        self.commands: list[Json] = []
        self._id = int(token.split(":", 1)[0])
        self._port = port
        self._changed = threading.Condition(threading.RLock())
        self._chats: dict[int, _Chat] = {}
        self._messages: dict[tuple[int, int], _Message] = {}
        self._last_message: dict[int, int] = defaultdict(lambda: 100)
        self._files: dict[str, _File] = {}
        self._queries: dict[str, float] = {}
        self._faults: list[_Fault] = []
        self._next_update = 500_000_001
        self._pending: list[_Update] = []
        self._again: list[_Update] = []
        self._confirmed: list[_Update] = []
        self._reorder = False
        self._allowed: list[str] = []
        self._hook = _Hook()
        self._busy: set[int] = set()
        self._poll: _Poll | None = None
        self._paces: dict[int | None, deque[float]] = defaultdict(deque)
        self._bursts: dict[int, tuple[float, float]] = {}
        self._penalties: dict[int | None, float] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._hook_woken = asyncio.Event()
        self._closing = False
        self._methods: dict[str, tuple[str, Callable[[Params], object]]] = {
            name.lower(): (name, method)
            for name, method in {
                "getMe": lambda _: self._me(),
                "setWebhook": self._set_webhook,
                "deleteWebhook": self._delete_webhook,
                "getWebhookInfo": self._webhook_info,
                "sendMessage": self._send_message,
                "sendPhoto": lambda p: self._send_file("sendPhoto", "photo", p),
                "sendVoice": lambda p: self._send_file("sendVoice", "voice", p),
                "sendDocument": lambda p: self._send_file("sendDocument", "document", p),
                "sendChatAction": self._send_chat_action,
                "answerCallbackQuery": self._answer_callback_query,
                "editMessageText": self._edit_text,
                "editMessageReplyMarkup": self._edit_markup,
                "deleteMessage": self._delete_message,
                "deleteMessages": self._delete_messages,
                "getFile": self._get_file,
                "setMyCommands": self._set_commands,
                "getChat": self._get_chat,
                "getChatMember": self._get_member,
                "leaveChat": self._leave_chat,
            }.items()
        }

    # --- the server ------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def base_url(self) -> str:
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        return f"{self.url}/file/bot"

    def __enter__(self) -> Self:
        # asyncio sets TCP_NODELAY only where the protocol is named; without it each answer waits 40 ms.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", self._port))
            listener.listen(128)  # from here on a client waits and is not refused
        except OSError:
            listener.close()
            raise
        self._port = listener.getsockname()[1]
        routes = [
            Route("/control/{name}", self._control, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self._download),
            Route("/bot{token}/{method}", self._call, methods=["GET", "POST"]),
            Route("/{rest:path}", self._nothing, methods=["GET", "POST"]),
        ]
        app = Starlette(routes=routes, lifespan=self._lifespan)
        config = uvicorn.Config(
            app,
            http="h11",
            ws="none",
            loop="asyncio",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=2,
            timeout_keep_alive=60,
        )
        self._server = uvicorn.Server(config)
        self._ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._server.serve(sockets=[listener])), name="bot-api", daemon=True
        )
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("the Bot API server did not start")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            self._closing = True
            self._tell()
        self._server.should_exit = True
        self._thread.join(10)

    @contextlib.asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        self._loop = asyncio.get_running_loop()
        hooks = asyncio.create_task(self._post_updates())
        self._ready.set()
        yield
        self._loop = None
        hooks.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await hooks

    def _tell(self) -> None:
        """Something changed: whoever waits looks again, in this thread's world and in the server's."""
        self._changed.notify_all()
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        self._hook_woken.set()
        if self._poll is not None:
            self._poll.woken.set()

    async def _call(self, request: Request) -> Response:
        at, asked = self.clock(), request.path_params["method"]
        name, method = self._methods.get(asked.lower(), (asked, None))
        name = "getUpdates" if asked.lower() == "getupdates" else name
        params = await self._params(request)
        chat_id = params.chat_id()
        lost = False
        try:
            self._let_in(request.path_params["token"], known=method is not None or name == "getUpdates")
            lost = await self._trouble(name, chat_id)
            if method is None:
                lost = lost or self._take("drop", name, None) is not None
                result: object = await self._get_updates(params, request, lost=lost)
            else:
                with self._changed:
                    result = method(params)
            status, body = 200, {"ok": True, "result": result}
        except Refusal as refusal:
            status, body = refusal.status, refusal.json()
        with self._changed:
            self.calls.append(Call(at, name, chat_id, 0 if lost else status))
            self._tell()
        if lost:
            await self._hang_up(request)
        return JSONResponse(body, status)

    def _let_in(self, token: str, *, known: bool) -> None:
        if not re.fullmatch(r"\d+:[\w-]+", token) or (token == self.token and not known):
            raise Refusal(404, "Not Found")
        if token != self.token:
            raise Refusal(401, "Unauthorized")

    async def _trouble(self, method: str, chat_id: int | None) -> bool:
        """Bring on what was ordered; true when the answer is to be lost."""
        if (fault := self._take("delay", method, chat_id)) is not None:
            await asyncio.sleep(fault.number)
        if (fault := self._take("too_many", method, chat_id)) is not None:
            raise _too_many(fault.number)
        if (fault := self._take("fail", method, chat_id)) is not None:
            status = int(fault.number)
            raise Refusal(status, PHRASES.get(status, "Error"))
        return self._take("lose", method, chat_id) is not None

    def _take(self, kind: str, method: str, chat_id: int | None) -> _Fault | None:
        with self._changed:
            for fault in self._faults:
                if fault.kind == kind and fault.meets(method, chat_id):
                    fault.left = None if fault.left is None else fault.left - 1
                    return fault
        return None

    async def _hang_up(self, request: Request) -> None:
        for connection in list(self._server.server_state.connections):
            if getattr(connection, "client", None) == request.scope["client"]:
                connection.transport.close()
        await asyncio.sleep(0.01)  # so that uvicorn has seen it gone and drops our answer

    @staticmethod
    async def _params(request: Request) -> Params:
        values: Json = dict(request.query_params)
        files: dict[str, tuple[str, bytes, str]] = {}
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "application/json":
            with contextlib.suppress(ValueError):
                values |= await request.json()
        elif kind in {"application/x-www-form-urlencoded", "multipart/form-data"}:
            async with request.form(max_part_size=UPLOAD_LIMIT) as form:
                for name, value in form.multi_items():
                    if isinstance(value, UploadFile):
                        mime = value.content_type or "application/octet-stream"
                        files[name] = (value.filename or name, await value.read(), mime)
                    else:
                        values[name] = value
        return Params({name: value for name, value in values.items() if value is not None}, files)

    async def _download(self, request: Request) -> Response:
        found = [file for file in self._files.values() if file.path == request.path_params["path"]]
        if request.path_params["token"] != self.token or not found:
            return JSONResponse(Refusal(404, "Not Found").json(), 404)
        return Response(found[0].data, media_type="application/octet-stream")

    async def _nothing(self, _request: Request) -> Response:
        return JSONResponse(Refusal(404, "Not Found").json(), 404)

    async def _control(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in CONTROL:
            return JSONResponse({"ok": False, "error": f"no such control: {name}"}, 404)
        raw = await request.body()
        try:
            arguments: Json = json.loads(raw) if raw else {}
            if isinstance(arguments.get("data"), str) and name.startswith("sends_"):
                arguments["data"] = base64.b64decode(arguments["data"])
            act = getattr(self, name)
            result = await run_in_threadpool(lambda: act(**arguments) if callable(act) else act)
        except (AttributeError, LookupError, TimeoutError, TypeError, ValueError) as error:
            return JSONResponse({"ok": False, "error": f"{type(error).__name__}: {error}"}, 400)
        return Response(json.dumps({"ok": True, "result": result}, default=_jsonable), media_type="application/json")

    # --- updates: polled or posted ---------------------------------------------------------------------

    def _update(self, kind: str, body: Json, queue: int) -> int | None:
        """Keep an update for the bot, unless it did not ask for this kind."""
        self._next_update += 1
        wanted = kind in self._allowed if self._allowed else kind not in NOT_BY_DEFAULT
        if wanted:
            self._pending.append(_Update(self._next_update, kind, body, self.clock(), queue))
        self._tell()
        return self._next_update if wanted else None

    def _waiting(self) -> list[_Update]:
        """What may go out now, in the order in which it goes."""
        now = self.clock()
        self._pending = [update for update in self._pending if now - update.at < A_DAY]
        waiting = self._again + self._pending
        if not self._reorder:
            return waiting
        return waiting[::-1] if len(waiting) > 1 else []

    def _allow(self, params: Params) -> None:
        if (allowed := params.nested("allowed_updates")) is not None:
            self._allowed = [str(kind) for kind in allowed]

    def _confirm(self, offset: int) -> None:
        """Telegram: an update is confirmed by a getUpdates whose offset is higher than its id."""
        if offset < 0:
            offset = self._pending[offset:][0].id if self._pending else 0
        self._confirmed += [update for update in self._pending if update.id < offset]
        self._pending = [update for update in self._pending if update.id >= offset]

    async def _get_updates(self, params: Params, request: Request, *, lost: bool) -> list[Json]:
        until = time.monotonic() + min(max(params.number("timeout"), 0), 50)
        limit = min(max(params.number("limit", 100), 1), 100)
        poll = _Poll(asyncio.Event())
        with self._changed:
            if self._hook.url:
                raise Refusal(409, CONFLICT_HOOK)
            self._allow(params)
            self._confirm(params.number("offset"))
            self._end_poll(CONFLICT_POLL)
            self._poll = poll
        watch = asyncio.create_task(self._watch(request, poll))
        try:
            while True:
                poll.woken.clear()
                with self._changed:
                    if poll.conflict:
                        raise Refusal(409, poll.conflict)
                    batch = [] if poll.gone or lost else self._batch(limit)
                left = until - time.monotonic()
                if batch or lost or left <= 0 or poll.gone or self._closing:
                    return batch
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(poll.woken.wait(), left)
        finally:
            self._poll = None if self._poll is poll else self._poll
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watch

    def _batch(self, limit: int) -> list[Json]:
        batch = self._waiting()[:limit]
        if batch:
            self._reorder = False
            self._again = [update for update in self._again if update not in batch]
        return [update.json() for update in batch]

    def _end_poll(self, reason: str) -> None:
        if self._poll is not None:
            self._poll.conflict = reason
            self._poll.woken.set()

    @staticmethod
    async def _watch(request: Request, poll: _Poll) -> None:
        """A bot that died in its long poll must not be given what its successor needs."""
        while (await request.receive())["type"] != "http.disconnect":
            pass
        poll.gone = True
        poll.woken.set()

    async def _post_updates(self) -> None:
        """Telegram posts to the webhook: in order within a chat, side by side between chats."""
        while not self._hook.url:
            await self._hook_woken.wait()
            self._hook_woken.clear()
        async with httpx.AsyncClient(trust_env=False, timeout=10) as client, asyncio.TaskGroup() as group:
            while True:
                for update in self._due():
                    group.create_task(self._post(client, update))
                await self._hook_woken.wait()
                self._hook_woken.clear()

    def _due(self) -> list[_Update]:
        with self._changed:
            due: list[_Update] = []
            for update in self._waiting() if self._hook.url else []:
                if update.queue not in self._busy and len(self._busy) < self._hook.connections:
                    self._busy.add(update.queue)
                    due.append(update)
            self._reorder = self._reorder and not due
            return due

    async def _post(self, client: httpx.AsyncClient, update: _Update) -> None:
        url, secret = self._hook.url, self._hook.secret
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        error: str | None = None
        try:
            answer = await client.post(url, json=update.json(), headers=headers)
            if not answer.is_success:
                error = f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}"
        except (httpx.HTTPError, httpx.InvalidURL):
            error = "Connection failed"
        if error is not None:
            self._hook.error, self._hook.error_at = error, self.clock()
            await asyncio.sleep(self.webhook_pause)
        with self._changed:
            if error is None:
                self._confirmed.append(update)
                if update in self._again:
                    self._again.remove(update)
                elif update in self._pending:
                    self._pending.remove(update)
            self._busy.discard(update.queue)
            self._tell()

    def _set_webhook(self, params: Params) -> bool:
        url, secret = params.text("url"), params.text("secret_token")
        if not url:
            return self._delete_webhook(params)
        parts = urlsplit(url)
        if parts.hostname not in {"127.0.0.1", "localhost"}:
            if parts.scheme != "https":
                raise _bad("bad webhook: An HTTPS URL must be provided for webhook")
            if (parts.port or 443) not in {443, 80, 88, 8443}:
                raise _bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
        if len(secret) > 256:
            raise _bad("secret token is too long")
        if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
            raise _bad("secret token contains unallowed characters")
        self._allow(params)
        self._end_poll("Conflict: terminated by setWebhook request")
        self._hook = _Hook(url, secret, min(max(params.number("max_connections", 40), 1), 100))
        self._drop_pending(params)
        self._tell()
        return True

    def _delete_webhook(self, params: Params) -> bool:
        self._hook = _Hook()
        self._drop_pending(params)
        return True

    def _drop_pending(self, params: Params) -> None:
        if params.flag("drop_pending_updates"):
            self._pending.clear()
            self._again.clear()

    def _webhook_info(self, _params: Params) -> Json:
        hook = self._hook
        info: Json = {
            "url": hook.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._pending),
        }
        if hook.url:
            info["max_connections"] = hook.connections
        if hook.error:
            info |= {"last_error_date": int(hook.error_at), "last_error_message": hook.error}
        if self._allowed:
            info["allowed_updates"] = self._allowed
        return info

    # --- what the bot may call -------------------------------------------------------------------------

    def _me(self) -> Json:
        return {
            "id": self._id,
            "is_bot": True,
            "first_name": "Amana",
            "username": self.username,
            "can_join_groups": True,
            "can_read_all_group_messages": self.reads_groups,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    def _chat(self, params: Params) -> _Chat:
        if params.text("chat_id") == "":
            raise _bad("chat_id is empty")
        chat = self._chats.get(params.chat_id() or 0)
        if chat is None:
            raise _bad("chat not found")
        return chat

    def _open_chat(self, params: Params) -> _Chat:
        """The chat, if the bot may act in it."""
        chat = self._chat(params)
        if chat.migrated_to is not None:
            reason = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refusal(400, reason, migrate_to_chat_id=chat.migrated_to)
        if (refused := chat.refused()) is not None:
            raise Refusal(403, f"Forbidden: {refused}")
        return chat

    def _send_message(self, params: Params) -> Json:
        chat = self._open_chat(params)
        text = self._words(params, "text", TEXT_LIMIT)
        return self._send("sendMessage", chat, params, text, {"text": text} | _entities(text))

    def _send_file(self, method: str, kind: str, params: Params) -> Json:
        chat = self._open_chat(params)
        file = self._incoming_file(kind, params)
        text = self._words(params, "caption", CAPTION_LIMIT)
        content: Json = {kind: self._media(kind, file)} | ({"caption": text} if text else {})
        return self._send(method, chat, params, text, content, file)

    @staticmethod
    def _words(params: Params, name: str, limit: int) -> str:
        text, mode = params.text(name), params.text("parse_mode").lower()
        if mode == "html":
            text = _plain(text)
        elif mode:
            raise _bad("unsupported parse_mode")
        text = text.strip()
        if not text and name == "text":
            raise _bad("message text is empty")
        if units(text) > limit:
            raise _bad("message is too long" if name == "text" else "message caption is too long")
        return text

    def _send(
        self, method: str, chat: _Chat, params: Params, text: str, content: Json, file: _File | None = None
    ) -> Json:
        markup = self._markup(params)
        reply = self._reply(chat, params)
        if params.values.get("message_thread_id"):
            raise _bad("message thread not found")
        self._pace(chat)
        body = self._new_message(chat, self._bot_user(), content | reply)
        buttons = _buttons(markup)
        if markup and "inline_keyboard" in markup:
            body["reply_markup"] = markup
        kept = self._messages[chat.id, body["message_id"]]
        kept.ever = list(buttons)
        kept.sent = Sent(
            message_id=body["message_id"],
            chat_id=chat.id,
            text=text,
            buttons=buttons,
            at=kept.at,
            method=method,
            markup=markup,
            file=file.data if file else None,
            file_name=file.name if file else None,
            params=params.values,
        )
        self._tell()
        return body

    def _new_message(self, chat: _Chat, sender: Json, content: Json) -> Json:
        """Ids run on through all private chats and groups together, in each supergroup by itself."""
        counter = chat.id if chat.kind == "supergroup" else 0
        self._last_message[counter] += 1
        at = self.clock()
        body: Json = {
            "message_id": self._last_message[counter],
            "from": sender,
            "chat": chat.json(),
            "date": int(at),
            **content,
        }
        self._messages[chat.id, body["message_id"]] = _Message(body, at)
        return body

    def _bot_user(self) -> Json:
        return {"id": self._id, "is_bot": True, "first_name": "Amana", "username": self.username}

    @staticmethod
    def _markup(params: Params) -> Json | None:
        markup = params.nested("reply_markup")
        if markup is None:
            return None
        kinds = {"inline_keyboard", "keyboard", "remove_keyboard", "force_reply"}
        if not isinstance(markup, dict) or not (kinds & markup.keys() or not markup):
            raise _bad("object expected as reply markup")
        rows = markup.get("inline_keyboard", [])
        for row in rows:
            for button in row:
                _check_button(button)
        if sum(map(len, rows)) > BUTTON_LIMIT:
            raise _bad("reply markup is too long")
        return markup or None

    def _reply(self, chat: _Chat, params: Params) -> Json:
        parameters = params.nested("reply_parameters") or {}
        message_id = int(parameters.get("message_id") or params.number("reply_to_message_id"))
        if not message_id:
            return {}
        message = self._messages.get((chat.id, message_id))
        if message is None or message.deleted:
            if parameters.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply"):
                return {}
            raise _bad("message to be replied not found")
        return {"reply_to_message": {k: v for k, v in message.body.items() if k != "reply_to_message"}}

    def _pace(self, chat: _Chat) -> None:
        """Flood control; who is told to wait is refused until the wait is over."""
        if not self.strict:
            return
        now = self.clock()
        for key in (None, chat.id):
            if (left := self._penalties.get(key, 0) - now) > 0:
                raise _too_many(left)
        self._window(None, now, 30, 0.95)
        if chat.kind == "private":
            tokens, at = self._bursts.get(chat.id, (3.0, now))
            tokens = min(3.0, tokens + now - at)
            if tokens < 0.95:
                raise self._penalty(chat.id, now, 1)
            self._bursts[chat.id] = (max(0.0, tokens - 1), now)
        else:
            self._window(chat.id, now, 20, 59.5)
            self._paces[chat.id].append(now)
        self._paces[None].append(now)

    def _window(self, key: int | None, now: float, most: int, seconds: float) -> None:
        times = self._paces[key]
        while times and now - times[0] >= seconds:
            times.popleft()
        if len(times) >= most:
            raise self._penalty(key, now, seconds - (now - times[0]))

    def _penalty(self, key: int | None, now: float, seconds: float) -> Refusal:
        refusal = _too_many(seconds)
        self._penalties[key] = now + refusal.parameters["retry_after"]
        return refusal

    def _send_chat_action(self, params: Params) -> bool:
        self._open_chat(params)
        known = "typing upload_photo record_video upload_video record_voice upload_voice upload_document"
        if params.text("action") not in f"{known} choose_sticker find_location".split():
            raise _bad("wrong parameter action in request")
        return True

    def _answer_callback_query(self, params: Params) -> bool:
        query_id = params.text("callback_query_id")
        asked_at = self._queries.get(query_id)
        if asked_at is None or self.clock() - asked_at > self.query_age:
            raise _bad(QUERY_TOO_OLD)
        if len(params.text("text")) > ANSWER_LIMIT:
            raise _bad("MESSAGE_TOO_LONG")
        self.answered.append((query_id, params.text("text")))
        return True

    def _own(self, params: Params, act: str) -> _Message:
        chat = self._open_chat(params)
        message = self._messages.get((chat.id, params.number("message_id")))
        if message is None or message.deleted:
            raise _bad(f"message to {act} not found")
        if act == "edit" and message.sent is None:
            raise _bad("message can't be edited")
        return message

    def _edit_text(self, params: Params) -> Json:
        message = self._own(params, "edit")
        if "text" not in message.body:
            raise _bad("there is no text in the message to edit")
        text = self._words(params, "text", TEXT_LIMIT)
        return self._edit(message, text, self._markup(params))

    def _edit_markup(self, params: Params) -> Json:
        message = self._own(params, "edit")
        return self._edit(message, None, self._markup(params))

    def _edit(self, message: _Message, text: str | None, markup: Json | None) -> Json:
        if message.sent is None:
            raise LookupError
        if markup is not None and "inline_keyboard" not in markup:
            raise _bad("inline keyboard expected")
        markup = markup if _buttons(markup) else None
        if markup == message.body.get("reply_markup") and text in {None, message.sent.text}:
            raise _bad(NOT_MODIFIED)
        # A copy, for updates already handed out tell how the message looked then.
        body = {k: v for k, v in message.body.items() if k != "reply_markup"} | {"edit_date": int(self.clock())}
        body |= {"reply_markup": markup} if markup else {}
        if text is not None:
            body = {k: v for k, v in body.items() if k != "entities"} | {"text": text} | _entities(text)
        message.body = body
        message.ever += [button for button in _buttons(markup) if button not in message.ever]
        message.sent = dataclasses.replace(
            message.sent,
            buttons=_buttons(markup),
            markup=markup,
            edited=True,
            text=message.sent.text if text is None else text,
        )
        self._tell()
        return message.body

    def _delete_message(self, params: Params) -> bool:
        message = self._own(params, "delete")
        self._check_deletable(message)
        self._take_back(message)
        return True

    def _delete_messages(self, params: Params) -> bool:
        """Those that are not there are passed over; one that must stay keeps all of them."""
        chat = self._open_chat(params)
        named = params.nested("message_ids")
        if not isinstance(named, list) or not all(isinstance(each, int) for each in named):
            raise _bad("can't parse message identifiers JSON array")
        if not named:
            raise _bad("message identifiers are not specified")
        if len(named) > MOST_AT_ONCE:
            raise _bad("too many message identifiers specified")
        found = [kept for each in named if (kept := self._messages.get((chat.id, each))) and not kept.deleted]
        for each in found:
            self._check_deletable(each)
        for each in found:
            self._take_back(each)
        return True

    def _check_deletable(self, message: _Message) -> None:
        """Own ones and those of a private chat for 48 hours; an administrator with that right deletes any, always."""
        chat = self._chats[message.body["chat"]["id"]]
        if chat.kind != "private" and chat.may_delete:
            return
        if self.clock() - message.at > 2 * A_DAY:
            raise _bad("message can't be deleted for everyone")
        if message.sent is None and chat.kind != "private":
            raise _bad("message can't be deleted")

    def _take_back(self, message: _Message) -> None:
        message.deleted = True
        if message.sent is not None:
            message.sent = dataclasses.replace(message.sent, deleted=True)
        self._tell()

    def _set_commands(self, params: Params) -> bool:
        commands = params.nested("commands") or []
        for command in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", str(command.get("command"))):
                raise _bad("BOT_COMMAND_INVALID")
            if not 1 <= units(str(command.get("description", ""))) <= 256:
                raise _bad("BOT_COMMAND_DESCRIPTION_INVALID")
        if len(commands) > 100:
            raise _bad("BOT_COMMANDS_TOO_MUCH")
        self.commands = [
            {**command, "language_code": params.text("language_code"), "scope": params.nested("scope")}
            for command in commands
        ]
        return True

    def _get_chat(self, params: Params) -> Json:
        chat = self._chat(params)
        if chat.kind != "private" and chat.bot != "member":
            raise Refusal(403, f"Forbidden: {chat.refused()}")
        gifts = [
            "unlimited_gifts",
            "limited_gifts",
            "unique_gifts",
            "premium_subscription",
            "gifts_from_channels",
        ]
        return {
            **chat.json(),
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys(gifts, False),
        }

    def _get_member(self, params: Params) -> Json:
        chat, user_id = self._chat(params), params.number("user_id")
        if chat.kind != "private" and chat.bot != "member":
            raise Refusal(403, f"Forbidden: {chat.refused()}")
        if user_id == self._id:
            return self._member_json(self._bot_user(), "member")
        person = self._chats.get(user_id)
        if person is None or person.kind != "private":
            raise _bad("PARTICIPANT_ID_INVALID")
        here = chat.members.get(user_id, "left") if chat.kind != "private" else "member"
        return self._member_json(person.user(), here)

    @staticmethod
    def _member_json(user: Json, status: str) -> Json:
        more: dict[str, Json] = {
            "creator": {"is_anonymous": False},
            "administrator": dict.fromkeys(RIGHTS, False),
            "kicked": {"until_date": 0},
        }
        return {"status": status, "user": user, **more.get(status, {})}

    def _leave_chat(self, params: Params) -> bool:
        chat = self._open_chat(params)
        if chat.kind == "private":
            raise _bad("chat member status can't be changed in private chats")
        self._bot_moves(chat, "left", self._bot_user())
        return True

    # --- files -----------------------------------------------------------------------------------------

    def _keep_file(self, kind: str, name: str, data: bytes, mime: str) -> _File:
        n = len(self._files)
        folder = {"photo": "photos", "voice": "voice"}.get(kind, "documents")
        ending = name.rpartition(".")[2] if "." in name else "bin"
        file = _File(f"AgACloopback{n:06}", f"AQAD{n:06}", f"{folder}/file_{n}.{ending}", data, name, mime)
        self._files[file.id] = file
        return file

    def _media(self, kind: str, file: _File) -> Any:
        about: Json = {"file_id": file.id, "file_unique_id": file.unique_id, "file_size": len(file.data)}
        if kind == "photo":
            small = self._keep_file("photo", "small.jpg", b"\xff\xd8\xff small", "image/jpeg")
            thumb = {"file_id": small.id, "file_unique_id": small.unique_id, "file_size": len(small.data)}
            return [thumb | {"width": 90, "height": 60}, about | {"width": 1280, "height": 853}]
        if kind == "voice":
            return about | {"duration": 3, "mime_type": file.mime}
        return about | {"file_name": file.name, "mime_type": file.mime}

    def _incoming_file(self, kind: str, params: Params) -> _File:
        value = params.text(kind)
        upload = params.files.get(value.removeprefix("attach://") if value.startswith("attach://") else kind)
        if upload is None and value in self._files:
            return self._files[value]
        if upload is None:
            reason = "wrong file identifier/HTTP URL specified" if value else f"there is no {kind} in the request"
            raise _bad(reason)
        name, data, mime = upload
        if len(data) > UPLOAD_LIMIT:
            raise Refusal(413, "Request Entity Too Large")
        if not data:
            raise _bad("file must be non-empty")
        if kind == "photo" and len(data) > PHOTO_LIMIT:
            raise _bad("file is too big")
        if kind == "photo" and not data.startswith((b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF")):
            raise _bad("IMAGE_PROCESS_FAILED")
        return self._keep_file(kind, name, data, mime)

    def _get_file(self, params: Params) -> Json:
        file = self._files.get(params.text("file_id"))
        if file is None:
            raise _bad("invalid file_id")
        if len(file.data) > DOWNLOAD_LIMIT:
            raise _bad("file is too big")
        return {
            "file_id": file.id,
            "file_unique_id": file.unique_id,
            "file_size": len(file.data),
            "file_path": file.path,
        }

    # --- people and groups -----------------------------------------------------------------------------

    def person(self, chat_id: int, name: str = "Person", language: str = "en", username: str | None = None) -> None:
        """Somebody with Telegram who has not pressed Start yet; `says` creates people by itself."""
        with self._changed:
            self._chats[chat_id] = _Chat(chat_id, "private", name, "new", language, username)

    def _somebody(self, chat_id: int) -> _Chat:
        if chat_id not in self._chats:
            self.person(chat_id)
        chat = self._chats[chat_id]
        if chat.kind != "private":
            raise ValueError(f"{chat_id} is a group")
        return chat

    def sends(self, chat_id: int, **content: Any) -> int | None:
        """A person sends a message of any kind, in Telegram's own fields; returns the update's id."""
        with self._changed:
            chat = self._somebody(chat_id)
            if chat.bot == "deactivated":
                raise ValueError(f"{chat_id} has deleted the account")
            if chat.bot == "blocked":
                self._bot_moves(chat, "member", chat.user())
            chat.bot = "member"
            return self._update("message", self._new_message(chat, chat.user(), content), chat_id)

    def says(self, chat_id: int, text: str, reply_to: int | None = None) -> int | None:
        """A person writes: this starts or unblocks the bot, and a long text comes in parts."""
        with self._changed:
            original = self._messages[chat_id, reply_to].body if reply_to is not None else None
            reply = {"reply_to_message": original} if original else {}
            ids = [self.sends(chat_id, text=part, **_entities(part), **reply) for part in _parts(text)]
            return ids[-1]

    def edits(self, chat_id: int, message_id: int, text: str) -> int | None:
        """A person changes a message sent before."""
        with self._changed:
            message = self._messages[chat_id, message_id]
            message.body = {**message.body, "text": text, "edit_date": int(self.clock())}
            return self._update("edited_message", message.body, chat_id)

    def taps(
        self, chat_id: int, label_or_data: str, message_id: int | None = None, by: int | None = None
    ) -> int | None:
        """A person taps a button of the newest message that shows it, or of the old one named by `message_id`.

        An old one may be tapped although it was deleted or its buttons were taken away: the person's app
        was behind. In a group, `by` is who taps.
        """
        with self._changed:
            user = self._somebody(chat_id if by is None else by).user()
            message, data = self._button(chat_id, label_or_data, message_id)
            chat = self._chats[chat_id]
            shown = message.body
            if message.deleted:
                shown = {"chat": chat.json(), "message_id": shown["message_id"], "date": 0}
            query_id = f"{self._id}{self._next_update + 1}"
            self._queries[query_id] = self.clock()
            body = {
                "id": query_id,
                "from": user,
                "message": shown,
                "chat_instance": str(chat_id),
                "data": data,
            }
            return self._update("callback_query", body, chat_id)

    def _button(self, chat_id: int, wanted: str, message_id: int | None) -> tuple[_Message, str]:
        offered: list[tuple[str, str]] = []
        for (chat, number), message in reversed(self._messages.items()):
            if chat != chat_id or message.sent is None or message_id not in (None, number):
                continue
            if message_id is None and message.deleted:
                continue
            buttons = message.ever if message_id is not None else message.sent.buttons
            offered += buttons
            for label, data in buttons:
                if wanted in {label, data}:
                    if "://" in data:
                        raise ValueError(f"{label!r} opens {data}: the bot does not hear of it")
                    return message, data
        raise LookupError(f"no button {wanted!r} in chat {chat_id}; there are {offered}")

    def sends_photo(self, chat_id: int, data: bytes, caption: str = "") -> int | None:
        """A photo comes in two sizes, the last is the full one."""
        return self._sends_media(chat_id, "photo", "photo.jpg", data, "image/jpeg", caption)

    def sends_voice(self, chat_id: int, data: bytes, caption: str = "") -> int | None:
        return self._sends_media(chat_id, "voice", "voice.oga", data, "audio/ogg", caption)

    def sends_document(
        self, chat_id: int, name: str, data: bytes, mime: str = "application/octet-stream", caption: str = ""
    ) -> int | None:
        return self._sends_media(chat_id, "document", name, data, mime, caption)

    def _sends_media(self, chat_id: int, kind: str, name: str, data: bytes, mime: str, caption: str) -> int | None:
        with self._changed:
            content: Json = {kind: self._media(kind, self._keep_file(kind, name, data, mime))}
            return self.sends(chat_id, **content, **({"caption": caption} if caption else {}))

    def group(self, chat_id: int, title: str) -> None:
        """A group in which the bot already is; ids from -100… are supergroups, as at Telegram."""
        if chat_id >= 0:
            raise ValueError("a group's id is negative")
        kind = "supergroup" if str(chat_id).startswith("-100") else "group"
        with self._changed:
            self._chats[chat_id] = _Chat(chat_id, kind, title, "member")

    def lets_delete(self, chat_id: int) -> None:
        """The bot is made an administrator of a group who may delete messages."""
        with self._changed:
            self._chats[chat_id].may_delete = True

    def standing(self, chat_id: int) -> list[str]:
        """The words of every message of either side that stands in a chat, oldest first."""
        with self._changed:
            kept = [each.body for (chat, _), each in self._messages.items() if chat == chat_id and not each.deleted]
            return [str(each.get("text", each.get("caption", ""))) for each in kept]

    def member(self, chat_id: int, user_id: int, status: str = "member") -> None:
        """Somebody's place in a group: creator, administrator, member, left or kicked."""
        with self._changed:
            self._somebody(user_id)
            self._chats[chat_id].members[user_id] = status

    def says_in_group(self, chat_id: int, user_id: int, text: str, reply_to: int | None = None) -> int | None:
        """Somebody writes in a group; None when the bot does not hear it."""
        with self._changed:
            chat = self._chats[chat_id]
            sender = self._somebody(user_id).user()
            if chat.members.setdefault(user_id, "member") in {"left", "kicked"}:
                chat.members[user_id] = "member"
            original = self._messages[chat_id, reply_to] if reply_to is not None else None
            reply = {"reply_to_message": original.body} if original else {}
            message = self._new_message(chat, sender, {"text": text, **_entities(text), **reply})
            meant = text.startswith("/") or f"@{self.username}" in text or (original and original.sent)
            if chat.bot != "member" or chat.migrated_to is not None or not (self.reads_groups or meant):
                return None
            return self._update("message", message, chat_id)

    def adds_bot(self, chat_id: int, by: int = 1) -> int | None:
        """Somebody adds the bot to a group: my_chat_member, and the service message new_chat_members."""
        with self._changed:
            chat, adder = self._chats[chat_id], self._somebody(by).user()
            chat.bot = "left" if chat.bot == "member" else chat.bot
            self._bot_moves(chat, "member", adder)
            service = {"new_chat_members": [self._bot_user()]}
            return self._update("message", self._new_message(chat, adder, service), chat_id)

    def removes_bot(self, chat_id: int, by: int = 1) -> int | None:
        """Somebody throws the bot out of a group."""
        with self._changed:
            return self._bot_moves(self._chats[chat_id], "kicked", self._somebody(by).user())

    def _bot_moves(self, chat: _Chat, now: str, by: Json) -> int | None:
        def status(standing: str) -> str:
            return {"blocked": "kicked", "new": "left", "deactivated": "kicked"}.get(standing, standing)

        body = {
            "chat": chat.json(),
            "from": by,
            "date": int(self.clock()),
            "old_chat_member": self._member_json(self._bot_user(), status(chat.bot)),
            "new_chat_member": self._member_json(self._bot_user(), status(now)),
        }
        chat.bot = now
        return self._update("my_chat_member", body, chat.id)

    # --- what a test may read --------------------------------------------------------------------------

    def sent(self, chat_id: int | None = None) -> list[Sent]:
        """What the bot sent to this chat (or to all), oldest first; also what was deleted since."""
        with self._changed:
            kept = [message.sent for message in self._messages.values() if message.sent is not None]
            return [sent for sent in kept if chat_id in (None, sent.chat_id)]

    def pending(self) -> list[Json]:
        """The updates that the bot has not confirmed."""
        with self._changed:
            return [update.json() for update in self._again + self._pending]

    def confirmed(self) -> list[int]:
        """The ids of the updates that the bot took, in that order; one given again is there again."""
        with self._changed:
            return [update.id for update in self._confirmed]

    def webhook(self) -> Json:
        with self._changed:
            return self._webhook_info(Params({}, {}))

    def wait_for(self, true: Callable[[], bool], timeout: float = 5.0) -> None:
        """Return as soon as it is true; TimeoutError if that takes too long."""
        with self._changed:
            if not self._changed.wait_for(true, timeout):
                raise TimeoutError(f"not true after {timeout} s; last calls: {self.calls[-5:]}")

    def wait_sent(self, chat_id: int, count: int = 1, timeout: float = 5.0) -> list[Sent]:
        """Wait until the bot has sent so many messages to the chat, and read them."""
        self.wait_for(lambda: len(self.sent(chat_id)) >= count, timeout)
        return self.sent(chat_id)

    def wait_pending(self, count: int = 0, timeout: float = 5.0) -> None:
        """Wait until no more than so many updates are unconfirmed."""
        self.wait_for(lambda: len(self.pending()) <= count, timeout)

    def wait_calls(self, method: str, count: int = 1, timeout: float = 5.0) -> None:
        """Wait until the bot has called a method so many times."""
        self.wait_for(lambda: sum(call.method == method for call in self.calls) >= count, timeout)

    # --- troubles a test may order ---------------------------------------------------------------------
    # n counts down, None lasts until clear(). Without `method`, the sends meet it; "*" is every method.

    def _order(self, fault: _Fault) -> None:
        with self._changed:
            self._faults.append(fault)

    def too_many(
        self, chat_id: int | None = None, retry_after: int = 2, n: int | None = 1, method: str | None = None
    ) -> None:
        self._order(_Fault("too_many", chat_id, method, n, retry_after))

    def fail(self, status: int = 500, n: int | None = 1, chat_id: int | None = None, method: str | None = None) -> None:
        """Telegram has trouble of its own: nothing is performed."""
        self._order(_Fault("fail", chat_id, method, n, status))

    def delay(
        self, seconds: float, n: int | None = None, chat_id: int | None = None, method: str | None = None
    ) -> None:
        self._order(_Fault("delay", chat_id, method, n, seconds))

    def lose_answer(self, n: int | None = 1, chat_id: int | None = None, method: str | None = None) -> None:
        """The call is performed, then the connection closes without an answer."""
        self._order(_Fault("lose", chat_id, method, n))

    def drop_connection_on_get_updates(self, n: int | None = 1) -> None:
        """The offset is heard, then the connection closes; no update is lost by it."""
        self._order(_Fault("drop", None, "getUpdates", n))

    def _stand(self, chat_id: int, standing: str, *, told: bool) -> None:
        with self._changed:
            chat = self._chats[chat_id]
            if told:
                self._bot_moves(chat, standing, chat.user())
            chat.bot = standing

    def blocked(self, chat_id: int, *, told: bool = False) -> None:
        """A person blocked the bot; `told` sends the my_chat_member update too. Writing again unblocks."""
        self._somebody(chat_id)
        self._stand(chat_id, "blocked", told=told)

    def deactivated(self, chat_id: int) -> None:
        self._somebody(chat_id)
        self._stand(chat_id, "deactivated", told=False)

    def kicked(self, chat_id: int) -> None:
        """The bot is out of a group and was not told; `removes_bot` tells it."""
        self._stand(chat_id, "kicked", told=False)

    def migrate(self, chat_id: int, new_id: int) -> None:
        """A group becomes a supergroup: service messages in both, 400 with migrate_to_chat_id from now on."""
        with self._changed:
            old = self._chats[chat_id]
            self.group(new_id, old.name)
            new = self._chats[new_id]
            new.kind, new.members, old.migrated_to = "supergroup", dict(old.members), new_id
            sender = self._bot_user() | {
                "id": 1087968824,
                "first_name": "Group",
                "username": "GroupAnonymousBot",
            }
            told = self._new_message(old, sender, {"migrate_to_chat_id": new_id})
            self._update("message", told, chat_id)
            told = self._new_message(new, sender, {"migrate_from_chat_id": chat_id})
            self._update("message", told, new_id)

    def redeliver(self, n: int = 1) -> None:
        """The last n confirmed updates come once more, whatever the offset, as after trouble at Telegram."""
        with self._changed:
            again = list({update.id: update for update in self._confirmed}.values())
            self._again += again[-n:]
            self._tell()

    def reorder(self) -> None:
        """Hold updates until there are two; that batch is then given last first, with the same ids."""
        with self._changed:
            self._reorder = True

    def expire_queries(self) -> None:
        """All taps so far are too old to be answered."""
        with self._changed:
            self._queries.clear()

    def clear(self, chat_id: int | None = None) -> None:
        """End the ordered troubles of a chat, or all; migration stays."""
        with self._changed:
            self._faults = [fault for fault in self._faults if chat_id not in (None, fault.chat_id)]
            for chat in self._chats.values():
                if chat_id in (None, chat.id) and chat.bot in {"blocked", "deactivated", "kicked"}:
                    chat.bot = "member"
            self._penalties.clear()


def _buttons(markup: Json | None) -> list[tuple[str, str]]:
    rows = (markup or {}).get("inline_keyboard", [])
    return [
        (button["text"], button["callback_data"] if "callback_data" in button else button["url"])
        for row in rows
        for button in row
    ]


def _check_button(button: Json) -> None:
    if not str(button.get("text", "")).strip():
        raise _bad("can't parse inline keyboard button: Text must be non-empty")
    actions = {"callback_data", "url"} & button.keys()
    if len(actions) != 1:
        raise _bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= DATA_LIMIT:
        raise _bad("BUTTON_DATA_INVALID")
    url = str(button.get("url", "https://t.me"))
    if not re.fullmatch(r"(https?://[^\s/]+\.[^\s]+|tg://\S+)", url):
        raise _bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def _jsonable(value: object) -> object:
    match value:
        case bytes():
            return base64.b64encode(value).decode()
        case Sent():
            return dataclasses.asdict(value)
        case _:
            raise TypeError(type(value).__name__)


def main() -> None:
    """Run until told to stop; the first line written is the address."""
    parser = argparse.ArgumentParser(description="A strict Telegram Bot API server on loopback, for tests.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--strict", action="store_true", help="with Telegram's flood control")
    chosen = parser.parse_args()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with BotApi(token=chosen.token, port=chosen.port, strict=chosen.strict) as api:
        sys.stdout.write(f"{api.url}\n")
        sys.stdout.flush()
        stop.wait()


if __name__ == "__main__":
    main()
