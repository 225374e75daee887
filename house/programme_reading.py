"""How one file of a programme is read: what a key and a text may be, and how a fault is said."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

# What fits a button, and still shows on a small phone.
BUTTON = 60
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,23}$")]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
Percent = Annotated[int, Field(strict=True, ge=0, le=100)]
_Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=BUTTON)]
# One wording a language.
Sentences = Annotated[dict[str, Sentence], Field(min_length=1)]
Labels = Annotated[dict[str, _Short], Field(min_length=1)]


class WrongProgramme(Exception):
    """The programme cannot be used as it is; the sentence says which file, which key and why."""


class Strict(BaseModel):
    """A table in which a key that nobody reads is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


T = TypeVar("T", bound=Strict)


def read(path: Path, model: type[T]) -> T:
    """One file; `WrongProgramme` says where it is not as it must be."""
    try:
        return model.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise WrongProgramme(f"{path}: {error.strerror}. Set AMANA_PROGRAMME to the programme's folder.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongProgramme(f"{path}: this is not TOML: {error}.") from None
    except ValidationError as error:
        wrong = "; ".join(f"{_where(each['loc'])}: {each['msg']}" for each in error.errors())
        raise WrongProgramme(f"{path}: {wrong}. docs/programme.md says what each key holds.") from None


def _where(loc: tuple[int | str, ...]) -> str:
    """A key as one writes it; what stands in a list is counted from one."""
    return ".".join(str(each + 1) if isinstance(each, int) else each for each in loc)
