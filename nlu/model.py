"""Rasa's model: made from the examples, named after all it is made from, loaded to understand texts."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import io
import logging
import os
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from nlu.intents import SAFETY

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

    Parse = Callable[[str], Coroutine[Any, Any, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is made: its name, Rasa's configuration, our own code in it, and the `most` examples of an intent.

    `most` counts in each language; 0 takes all of them.
    """

    name: str
    config: Path
    code: tuple[Path, ...] = ()
    most: int = 0

    @property
    def made_from(self) -> tuple[Path, ...]:
        """Everything that makes it what it is."""
        return self.config, *sorted(DATA.glob("*.yml")), *self.code


ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "nlu" / "data"
OURS = Recipe(
    "nlu", ROOT / "config.yml", tuple(ROOT / "nlu" / each for each in ("classifier.py", "borders.py", "plain.py"))
)
DIET = Recipe("diet", ROOT / "nlu" / "diet.yml", most=60)
"""Rasa's own network, to compare with: only where requirements/diet.lock is installed.

With every example it would learn for hours on two cores.
"""
LONGEST = 4_000
RANKED = 8
NOTHING: dict[str, Any] = {"intent": {"name": None, "confidence": 0.0}, "intent_ranking": [], "safety": {}}
# The one in use and the one before: whoever goes back to the examples of before need not learn them anew.
_KEPT = 2


def be_quiet(home: Path) -> None:
    """Before Rasa is imported: no log, no telemetry, no stray thread, nothing in the user's own folder."""
    temporary = home / "tmp"
    temporary.mkdir(parents=True, exist_ok=True, mode=0o700)
    tempfile.tempdir = str(temporary)
    os.environ.update(
        HOME=str(home), XDG_CONFIG_HOME=str(home), XDG_CACHE_HOME=str(home), RASA_TELEMETRY_ENABLED="false"
    )
    # One thread each: on two busy cores several take three times as long, waiting for one another.
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    sys.path[:] = [str(ROOT), *(entry for entry in sys.path if entry not in ("", str(ROOT)))]
    logging.disable(logging.CRITICAL)

    import structlog  # noqa: PLC0415 - the NLU environment's

    def drop(*_: object) -> NoReturn:
        raise structlog.DropEvent

    structlog.configure(processors=[drop], logger_factory=structlog.ReturnLoggerFactory())
    from nlu import without_tensorflow  # noqa: PLC0415 - before Rasa, and only where Rasa is

    without_tensorflow.install()


def file(home: Path, recipe: Recipe = OURS) -> Path:
    """Name the model after everything it is made from: there, or to be made."""
    stamp = hashlib.sha256()
    for path in recipe.made_from:
        stamp.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return home / "model" / f"{recipe.name}-{stamp.hexdigest()[:16]}.tar.gz"


def version(model: Path) -> str:
    """By which name a guess says which model made it."""
    return model.name.removesuffix(".tar.gz").rpartition("-")[2]


@contextlib.contextmanager
def _one_at_a_time(home: Path) -> Iterator[None]:
    (home / "model").mkdir(parents=True, exist_ok=True, mode=0o700)
    with (home / "model" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def train(home: Path, recipe: Recipe = OURS) -> bool:
    """Make the model unless it is there; true if there was something to do."""
    if file(home, recipe).exists():
        return False
    with _one_at_a_time(home):
        model = file(home, recipe)
        if model.exists():  # made by somebody else while we waited
            return False
        print("Training the language model, about two minutes.", flush=True)
        half = model.with_name(f"half-{os.getpid()}.tar.gz")
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            _train(half, recipe)
        half.replace(model)
        for old in _no_longer_kept(model.parent, recipe):
            old.unlink(missing_ok=True)
    return True


def _no_longer_kept(folder: Path, recipe: Recipe) -> list[Path]:
    """Models that are older than those that are kept, and what a training that was killed has left."""
    made = sorted(folder.glob(f"{recipe.name}-*.tar.gz"), key=lambda each: each.stat().st_mtime)
    return [*made[:-_KEPT], *folder.glob("half-*.tar.gz")]


def _train(to: Path, recipe: Recipe) -> None:
    import rasa.model_training  # noqa: PLC0415
    from rasa.engine.caching import TrainingCache  # noqa: PLC0415

    class Forgets(TrainingCache):  # type: ignore[misc,unused-ignore]
        """Rasa's cache is a database; the stamp in the model's name does its work."""

        def cache_output(self, *_: object, **__: object) -> None: ...
        def get_cached_output_fingerprint(self, *_: object) -> None: ...
        def get_cached_result(self, *_: object) -> None: ...

    rasa.model_training.LocalTrainingCache = Forgets
    with tempfile.TemporaryDirectory() as folder:
        together = Path(folder) / "together.yml"
        together.write_text(_together(recipe.most), encoding="utf-8")
        rasa.model_training.train_nlu(str(recipe.config), str(together), str(to.parent), fixed_model_name=to.name)


def _together(most: int) -> str:
    """Every language's examples as one file: Rasa copies all it has read so far for each further one."""
    every = [path.read_text(encoding="utf-8").split("nlu:\n", 1) for path in sorted(DATA.glob("*.yml"))]
    return f"{every[0][0]}nlu:\n" + "".join(_some(examples, most) if most else examples for _, examples in every)


def _some(examples: str, most: int) -> str:
    """So many examples of each intent at most, from its beginning to its end."""
    kept = list[str]()
    for intent in examples.split("- intent: ")[1:]:
        name, how, *lines = intent.splitlines()
        each = max(1, -(-len(lines) // most))
        kept += [f"- intent: {name}", how, *lines[::each]]
    return "\n".join(kept) + "\n"


def load(home: Path, recipe: Recipe = OURS) -> Parse:
    """What understands a text: intent, ranking, what it was screened for, and by which model."""
    from rasa.core.agent import Agent  # noqa: PLC0415

    model = file(home, recipe)
    agent = Agent.load(str(model))

    async def parse(text: str) -> dict[str, Any]:
        # A leading slash would let the writer choose the intent.
        plain = re.sub(r"^[\s/]+", "", text[:LONGEST])
        if not plain:
            return NOTHING
        said = await agent.parse_message(plain)
        ranking = said["intent_ranking"]
        grave = {each["name"]: each["confidence"] for each in ranking if each["name"] in SAFETY}
        return {
            "intent": said["intent"], "intent_ranking": ranking[:RANKED], "safety": said.get("safety") or grave,
            "model": version(model),
        }  # fmt: skip

    return parse
