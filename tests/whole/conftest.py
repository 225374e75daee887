"""One house with everything running, for the tests that only talk to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.bot_api import BotApi
from tests.whole.house import House


@pytest.fixture
def api() -> Iterator[BotApi]:
    """Telegram, with its flood control."""
    with BotApi(strict=True) as api:
        yield api


@pytest.fixture
def house(tmp_path: Path, api: BotApi) -> Iterator[House]:
    """All three processes, both channels, no Rasa."""
    with House(tmp_path, api=api) as house:
        yield house
