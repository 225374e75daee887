"""The web chat: the page, and the calls of CONTRACT behind it."""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

from sse_starlette import EventSourceResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from actions.talk import Event, Said, Tapped, Unkept
from bot import bodies, broken, forms
from bot.bell import Bell
from bot.fetching import newer
from bot.intake import LARGEST, LARGEST_MB, Attached, Intake, Message
from bot.paces import Paces
from bot.uploads import TooLarge, Upload, Uploads
from house.texts import Rendered, Texts
from store import letters, people
from store.db import Store, StoreUnavailable, Tx
from store.places import Place, Unopenable
from store.pocket import Pocket

CHANNEL = "web"
LONGEST_TEXT = 4000
# How somebody reached the staff member who types for them: a label in the case, which nothing else depends on.
ENTERED = ("desk", "phone", "letter", "box")
_LONGEST_JSON = 64 * 1024
_LONGEST_BEGINNING = 1024
_LONGEST_ID = 64
_DIGITS = 9
_TOO_LONG = f"That is too long for one message. Please send it in parts of {LONGEST_TEXT} letters."
_TOO_LARGE = f"That file is too large: at most {LARGEST_MB} MB. Nothing of it was kept."
_WAIT = 25.0
# Two phones may share one person's token: letters that one has fetched stay this long for the other.
_LINGER = 30.0
_RECORDING = Place("recordings", "", "name")
_PAGE = Path(__file__).parent / "page"


class Refused(HTTPException):
    """A call that cannot be served, with the one sentence the person is shown."""


@dataclass(frozen=True, slots=True)
class _Person:
    """Who calls: the secret part of the bearer token, and the opaque address at the time of the call."""

    secret: str
    address: str

    @property
    def entered(self) -> str:
        """The label that was signed into the token when the talk began; none for who writes for themselves."""
        label, _, secret = self.secret.partition("~")
        return label if secret else ""


class WebChat:
    """Serves the web chat; letters are fetched by the page, so nothing is ever sent to it."""

    def __init__(self, intake: Intake, store: Store, pocket: Pocket, texts: Texts, bell: Bell) -> None:
        self._intake, self._store, self._pocket, self._texts, self._bell = intake, store, pocket, texts, bell
        self._fetched: dict[str, tuple[int, float]] = {}
        self._news, self._paces = Paces(rate=100, burst=500), Paces(rate=25, burst=60)

    def routes(self) -> list[Route | Mount]:
        """What the bot's web server answers for the web chat."""
        return [
            Route("/", self._page),
            Route("/favicon.ico", self._icon),
            Mount("/page", StaticFiles(directory=_PAGE)),
            Route("/chat", self._begin, methods=["POST"]),
            Route("/chat/messages", self._message, methods=["POST"]),
            Route("/chat/letters", self._letters),
            Route("/chat/recordings/{sealed}", self._recording),
            Route("/chat/events", self._events),
        ]

    async def _page(self, _: Request) -> Response:
        return FileResponse(_PAGE / "index.html")

    async def _icon(self, _: Request) -> Response:
        """What a browser asks for by itself when it shows anything but the page."""
        return FileResponse(_PAGE / "icon.svg", media_type="image/svg+xml")

    async def _begin(self, request: Request) -> Response:
        if not self._news.go("everybody", asyncio.get_running_loop().time()):
            raise Refused(429, "Many people are writing at this moment. Please try again in a minute.")
        entered = await _entered(request)
        # The label lies in the secret part: it is signed with it, and kept nowhere before something is filed.
        secret = (f"{entered}~" if entered else "") + secrets.token_urlsafe(24)
        return JSONResponse({"person": f"{secret}.{self._pocket.token('person', secret)}"}, 201)

    def _person(self, request: Request) -> _Person:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        secret, _, proof = token.strip().partition(".")
        # Every one is compared, so that the time tells nothing.
        right = [hmac.compare_digest(proof.encode(), each.encode()) for each in self._pocket.tokens("person", secret)]
        if scheme.lower() != "bearer" or not any(right):
            raise Refused(401, "This conversation is not known here. Please begin a new one.")
        return _Person(secret, self._pocket.address(CHANNEL, secret))

    def _names(self, person: _Person) -> tuple[str, ...]:
        return self._pocket.addresses(CHANNEL, person.secret)

    async def _address(self, person: _Person) -> str:
        """What the person's address is called now: an older name stays until they write again."""
        names = self._names(person)
        return names[0] if len(names) == 1 else await self._store.look(lambda tx: people.known_as(tx, names))

    async def _message(self, request: Request) -> Response:
        person = self._person(request)
        if not self._paces.go(person.address, asyncio.get_running_loop().time()):
            raise Refused(429, "That is very fast. Please wait a moment and send it again.")
        id_, what = await _read(request, self._intake.uploads)
        key, now = self._pocket.token("inbound", CHANNEL, person.secret, id_), self._intake.now()

        def claim(tx: Tx) -> bool:
            others = [each for each in self._pocket.tokens("inbound", CHANNEL, person.secret, id_) if each != key]
            return people.claim(tx, key, CHANNEL, now, others)

        message = Message(
            key, CHANNEL, person.address, "", what, claim, lambda: self._names(person), entered=person.entered
        )
        await self._intake.hear(message)
        return JSONResponse({}, 202)

    async def _letters(self, request: Request) -> Response:
        person, after = self._person(request), _after(request.query_params.get("after", "0"))
        until = asyncio.get_running_loop().time() + _WAIT
        while not (found := await self._newer(address := await self._address(person), after)):
            left = until - asyncio.get_running_loop().time()
            if left <= 0:
                break
            await self._bell.wait(address, left)
        return JSONResponse(found)

    async def _events(self, request: Request) -> Response:
        person = self._person(request)
        return EventSourceResponse(self._stream(person, _after(request.headers.get("last-event-id", "0"))))

    async def _stream(self, person: _Person, after: int) -> AsyncIterator[dict[str, str]]:
        while True:
            address = await self._address(person)
            for letter in await self._newer(address, after):
                after = int(str(letter["n"]))
                yield {"id": str(after), "data": json.dumps(letter, ensure_ascii=False)}
            await self._bell.wait(address, _WAIT)

    async def _newer(self, address: str, after: int) -> list[dict[str, object]]:
        """The letters after a number; asking for these says that the ones before have arrived."""
        if after > self._fetched.get(address, (0, 0.0))[0]:
            self._fetched[address] = (after, asyncio.get_running_loop().time())
        news = await self._store.look(lambda tx: newer(tx, self._pocket, self._texts, address, after))
        if not news.shown and after and await self._store.look(lambda tx: letters.behind(tx, address, after)):
            await self._store.run(lambda tx: letters.go_on_from(tx, address, after))
            news = await self._store.look(lambda tx: newer(tx, self._pocket, self._texts, address, after))
        for each in news.broken:
            await self._store.run(self._broken(each, address))
        return [_shown(n, letter, self._recorded(letter)) for n, letter in news.shown]

    def _recorded(self, letter: Rendered) -> str | None:
        """Where the page finds the recording; sealed, because its name would tell what somebody is asked."""
        if letter.sound is None:
            return None
        named = json.dumps([letter.sound.language, letter.sound.name]).encode()
        return f"/chat/recordings/{urlsafe_b64encode(self._pocket.lock.shut(named, _RECORDING)).decode()}"

    async def _recording(self, request: Request) -> Response:
        """The sound behind such an address; a player asks without a bearer, so the address alone must be enough."""
        try:
            sealed = urlsafe_b64decode(str(request.path_params["sealed"]).encode())
            language, name = json.loads(self._pocket.open(sealed, _RECORDING))
            found = self._texts.recordings[language, name]
        except (ValueError, KeyError, Unopenable):
            raise Refused(404, "There is no such recording.") from None
        return FileResponse(found.path, media_type=found.type)

    def _broken(self, letter: letters.Fetched, address: str) -> Callable[[Tx], None]:
        lock, now = self._pocket.lock, self._intake.now()
        return lambda tx: broken.letter(tx, letter.id, letter.key, address, lock, now)

    async def settle(self) -> None:
        """Erase the words of letters that have long arrived; runs as long as the bot."""
        while True:
            await asyncio.sleep(1)
            due = asyncio.get_running_loop().time() - _LINGER
            ready = {address: n for address, (n, since) in self._fetched.items() if since <= due}
            try:
                await self._settle(ready)
            except StoreUnavailable:
                continue
            for address, n in ready.items():
                if self._fetched.get(address, (0, 0.0))[0] == n:
                    self._fetched.pop(address, None)

    async def _settle(self, ready: dict[str, int]) -> None:
        def unit(tx: Tx) -> None:
            for address, n in ready.items():
                letters.fetched(tx, address, n)

        if ready:
            await self._store.run(unit)


def _shown(n: int, letter: Rendered, audio: str | None) -> dict[str, object]:
    """A letter as CONTRACT writes it."""
    choices = [{"id": id_, "label": label} for id_, label in letter.choices]
    return {"n": n, "text": letter.text, "choices": choices, "audio": audio}


async def _entered(request: Request) -> str:
    """By which way somebody reached the staff member who begins this talk for them; none without a body."""
    try:
        body = await bodies.whole(request, _LONGEST_BEGINNING)
        if not body:
            return ""
        read = json.loads(body)
    except (bodies.TooLong, ClientDisconnect, ValueError, RecursionError):
        read = None
    match read:
        case {"channel": str(label), **other} if label in ENTERED and not other:
            return label
        case _:
            raise Refused(400, "A talk begins with no body, or with a channel: desk, phone, letter or box.")


async def _read(request: Request, uploads: Uploads) -> tuple[str, Event | Attached]:
    """The message's own id and what it says; anything else is one clear sentence."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        match kind:
            case "application/json":
                return await _words(request)
            case "multipart/form-data":
                return await _form(request, uploads)
            case _:
                raise Refused(415, "Send JSON, or a form with a file.")
    except ClientDisconnect:
        raise Refused(400, "The connection broke before everything had arrived. Please send it again.") from None


async def _words(request: Request) -> tuple[str, Event]:
    try:
        return _json(await bodies.whole(request, _LONGEST_JSON))
    except bodies.TooLong:
        raise Refused(413, _TOO_LONG) from None


def _json(body: bytes) -> tuple[str, Event]:
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(400, "This is not JSON.") from None
    match read:
        case {"id": str(id_), "text": str(text)} if _fits(id_) and text.strip():
            if len(text) > LONGEST_TEXT:
                raise Refused(413, _TOO_LONG)
            return id_, Said(_clean(text))
        case {"id": str(id_), "choice": str(choice)} if _fits(id_) and len(choice) <= _LONGEST_ID:
            return id_, Tapped(choice)
        case _:
            raise Refused(400, "A message has an id of at most 64 characters, and a text or a choice.")


def _fits(id_: str) -> bool:
    return 0 < len(id_) <= _LONGEST_ID


def _clean(text: str) -> str:
    """Without characters no database keeps and no person sees."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


async def _form(request: Request, uploads: Uploads) -> tuple[str, Event | Attached]:
    async with uploads.begin() as upload:
        try:
            fields, name = await _arrived(request, upload)
        except (bodies.TooLong, TooLarge):
            raise Refused(413, _TOO_LARGE) from None
        except forms.Broken:
            raise Refused(400, "This form could not be read. Send an id and one file.") from None
        id_, words = fields.get("id", ""), _clean(fields.get("text", ""))
        if not _fits(id_) or name is None:
            raise Refused(400, "A form has an id of at most 64 characters and one file.")
        if len(words) > LONGEST_TEXT:
            raise Refused(413, _TOO_LONG)
        if not upload.size:
            raise Refused(400, "That file is empty.")
        stored = await upload.end(name)
    return id_, Attached(stored, words) if stored else Unkept("kind")


async def _arrived(request: Request, upload: Upload) -> tuple[dict[str, str], str | None]:
    """The form's fields and its file's name; each piece of the file is stored before the next is read."""
    form = forms.Form(request.headers.get("content-type", ""), 4 * LONGEST_TEXT + _LONGEST_ID)
    fields: dict[str, str] = {}
    file: str | None = None
    async for data in bodies.pieces(request, LARGEST + _LONGEST_JSON):
        for event in form.feed(data):
            match event:
                case forms.Field(name, value):
                    fields[name] = value
                case forms.FileBegins(part, name):
                    file = name if part == "file" else None
                case forms.FilePiece(piece):
                    await upload.write(piece)
    form.end()
    return fields, file


def _after(number: str) -> int:
    if not (number.isascii() and number.isdigit() and len(number) <= _DIGITS):
        raise Refused(400, "`after` is the number of a letter.")
    return int(number)
