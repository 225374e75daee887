"""The headers that every answer of our two web servers carries, and the application that puts them there."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.applications import Starlette
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from typing_extensions import override

_SHARED = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-robots-tag": "noindex, nofollow",
}
_CONTENT = "content-security-policy"
# A year, and this name only: whoever runs Amana may have other services under the same domain.
_HTTPS_ONLY = (b"strict-transport-security", b"max-age=31536000")


def policy(*, media: str = "'self'", forms: str = "'self'") -> str:
    """What a page of ours may load: its own files, and pictures and sounds from `media`; nothing inline, no frame."""
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src {media}; media-src {media}; "
        f"connect-src 'self'; form-action {forms}; base-uri 'none'; frame-ancestors 'none'"
    )


class Guarded(Starlette):
    """A web application whose every answer carries the headers: pages, files, refusals, and what broke as well.

    They are put on outside of everything else, because Starlette answers what broke outside of all middleware.
    """

    content = policy()
    microphone = "()"

    @override
    def build_middleware_stack(self) -> ASGIApp:
        permissions = f"camera=(), geolocation=(), microphone={self.microphone}"
        return _Headed(super().build_middleware_stack(), self.content, permissions)


class _Headed:
    """Puts the headers on every answer; of a page's own it leaves only a content policy (a sandbox around a file)."""

    def __init__(self, app: ASGIApp, content: str, permissions: str) -> None:
        self._app = app
        fixed = {**_SHARED, "permissions-policy": permissions}
        self._fixed = [(name.encode(), value.encode()) for name, value in fixed.items()]
        self._ours = frozenset((*(name for name, _ in self._fixed), _HTTPS_ONLY[0]))
        self._content = (_CONTENT.encode(), content.encode())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = self._on(message.get("headers", ()), https=_by_https(scope))
            await send(message)

        await self._app(scope, receive, headed if scope["type"] == "http" else send)

    def _on(self, headers: Iterable[tuple[bytes, bytes]], *, https: bool) -> list[tuple[bytes, bytes]]:
        kept = [each for each in headers if each[0].lower() not in self._ours]
        content = [] if any(name.lower() == self._content[0] for name, _ in kept) else [self._content]
        return [*kept, *content, *self._fixed, *([_HTTPS_ONLY] if https else [])]


def _by_https(scope: Scope) -> bool:
    """Whether the person's own connection was https.

    The proxy before us says so. That anybody else can say it too does no harm: it goes back to whoever said it, and a
    browser on plain http ignores the answer (RFC 6797, 8.1).
    """
    if scope.get("scheme") == "https":
        return True
    told = next((value for name, value in scope["headers"] if name == b"x-forwarded-proto"), b"")
    return bool(told.partition(b",")[0].strip().lower() == b"https")
