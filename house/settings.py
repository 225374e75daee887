"""Settings from the environment (`AMANA_…`) and `.env`; a wrong value refuses to start and names itself."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_FILE = ".env"


class WrongSetting(Exception):
    """A setting cannot be used; the sentence names it and says what it may be, never what it was."""


class Settings(BaseSettings):
    """Every setting of CONTRACT: defaults run the whole house on one machine without any account."""

    model_config = SettingsConfigDict(
        env_prefix="AMANA_", env_file=_FILE, extra="ignore", hide_input_in_errors=True, frozen=True
    )

    home: Path = Path("var")
    database_url: SecretStr | None = None
    programme: Path = Path("programme")
    bot_host: str = "127.0.0.1"
    bot_port: int = Field(default=8080, ge=0, le=65535)
    console_host: str = "127.0.0.1"
    console_port: int = Field(default=8081, ge=0, le=65535)
    console_url: str | None = None
    nlu_port: int = Field(default=5005, ge=0, le=65535)
    nlu_url: str | None = None
    nlu_python: str = ""
    nlu_workers: int = Field(default=1, ge=1, le=16)
    nlu_token_value: SecretStr | None = Field(default=None, validation_alias="AMANA_NLU_TOKEN")
    telegram_token: SecretStr | None = Field(default=None, min_length=1)
    telegram_api: str = Field(default="https://api.telegram.org", pattern=r"^https?://[^\s]+$")
    telegram_webhook_url: str | None = Field(default=None, pattern=r"^https://[^\s]+$|^http://127\.0\.0\.1[:/][^\s]*$")
    telegram_webhook_secret: SecretStr | None = Field(default=None, min_length=1)
    log_level: str = Field(default="INFO", pattern=r"^(DEBUG|INFO|WARNING|ERROR)$")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and not re.fullmatch(r"(sqlite:///|postgresql(\+psycopg)?://)\S+", url.get_secret_value()):
            raise ValueError("write postgresql+psycopg://user:password@host/name, or sqlite:///path")
        return url

    @property
    def database(self) -> str:
        """The database's address; by default a file in the home folder."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.home.resolve() / 'amana.db'}"

    @property
    def nlu_token(self) -> str:
        """The token that the language server asks for; empty when there is none."""
        return self.nlu_token_value.get_secret_value() if self.nlu_token_value else ""

    @property
    def bot_keys(self) -> Path:
        """The bot's own keys."""
        return self.home / "keys" / "bot.json"

    @property
    def audit_key(self) -> Path:
        """The key that signs the audit's heads."""
        return self.home / "keys" / "audit.json"

    @property
    def tombstones(self) -> Path:
        """The file of what was erased, which restored backups obey."""
        return self.home / "tombstones"


class _Handed(Settings):
    """The settings of a process that was handed all it may know."""

    model_config = SettingsConfigDict(env_file=None)


# What a process has no use for it is not told: one that is taken over has nothing to tell.
_PLATFORMS = ("AMANA_TELEGRAM_", "AMANA_WHATSAPP_")
_UNTOLD: dict[str, tuple[str, ...]] = {
    "bot": (),
    "scheduler": (*_PLATFORMS, "AMANA_NLU_"),
    "console": (*_PLATFORMS, "AMANA_NLU_"),
    "nlu": (*_PLATFORMS, "AMANA_DATABASE_URL"),
}
_HANDED = "AMANA_HANDED"


def written() -> dict[str, str]:
    """The settings in `.env`, as they stand there; nothing where the settings were handed over already."""
    if os.environ.get(_HANDED):
        return {}
    return {name: value for name, value in dotenv_values(_FILE).items() if name.startswith("AMANA_") and value}


def handed(environment: Mapping[str, str], process: str) -> dict[str, str]:
    """The environment of one process: everything but the settings that it has no use for; `.env` is not read again."""
    kept = {name: value for name, value in environment.items() if not name.startswith(_UNTOLD[process])}
    return {**kept, _HANDED: process}


def read() -> Settings:
    """The settings of this process; `WrongSetting` names what is wrong."""
    try:
        settings = _Handed() if os.environ.get(_HANDED) else Settings()
    except ValidationError as error:
        wrong = "; ".join(f"AMANA_{'_'.join(map(str, each['loc'])).upper()}: {each['msg']}" for each in error.errors())
        raise WrongSetting(f"{wrong}. Correct it in the environment or in .env.") from None
    if settings.telegram_webhook_url and not settings.telegram_webhook_secret:
        raise WrongSetting(
            "AMANA_TELEGRAM_WEBHOOK_SECRET: a webhook without a secret lets anybody speak for Telegram. "
            "Set 1 to 256 letters, digits, _ or -."
        )
    return settings
