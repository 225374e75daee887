"""How well the model understands the sentences of nlu/tests, beside its forerunner, DIET and a list of keywords."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlu import keywords, measuring, model, without_tensorflow
from nlu.measuring import Seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nlu.model import Parse

TESTS = model.ROOT / "nlu" / "tests"
_CONFUSED = 12


def test(home: Path) -> None:
    """Print, language by language, how the sentences of nlu/tests are understood, and what is confused most."""
    model.train(home)
    before = _figures(home, but=model.file(home))
    ours, diet = model.load(home), _diet(home)
    print("Shares of one, with Wilson's interval of 95 % behind the accuracy; beside it, on the same sentences,")
    theirs = f"{model.DIET.most} examples an intent and language" if diet else "not installed: see docs/model-card.md"
    print(f"a list of keywords, DIET ({theirs})")
    print(f"and the model before this one ({before['model'] if before else 'none was examined here'}).")
    found = {path.stem: _language(path, ours, diet, before) for path in sorted(TESTS.glob("*.yml"))}
    _kept_at(model.file(home)).write_text(json.dumps({"model": model.version(model.file(home)), "shares": found}))


def _language(path: Path, ours: Parse, diet: Parse | None, before: dict[str, Any] | None) -> dict[str, float]:
    seen, times = asyncio.run(_examined(ours, path))
    shares = measuring.shares(seen)
    low, high = measuring.interval(shares["accuracy"], len(seen))
    listed = keywords.learn(sentences(model.DATA / path.name))
    known = measuring.share(keywords.name(listed, text) == intent for intent, text in sentences(path))
    print(f"{path.stem}: {len(seen)} sentences, accuracy {low:.3f} to {high:.3f}, keywords alone {known:.3f}")
    print("   ", _shown(shares))
    print(f"    p50 {1000 * sorted(times)[len(times) // 2]:.2f} ms, {len(times) / sum(times):.0f} a second")
    print("    taken for:", ", ".join(f"{b} for {a} {n}" for a, b, n in measuring.confused(seen, _CONFUSED)))
    if diet:
        theirs, took = asyncio.run(_examined(diet, path))
        print("    DIET:", _shown(measuring.shares(theirs)), f"p50 {1000 * sorted(took)[len(took) // 2]:.2f} ms")
    if before and path.stem in before["shares"]:
        then = before["shares"][path.stem]
        print("    since then:", ", ".join(f"{name} {each - then.get(name, 0):+.3f}" for name, each in shares.items()))
    return shares


def _shown(shares: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.3f}" for name, value in shares.items())


def _diet(home: Path) -> Parse | None:
    """DIET, trained on the same examples, where there is what it needs."""
    if "tensorflow" not in without_tensorflow.installed():
        return None
    model.train(home, model.DIET)
    return model.load(home, model.DIET)


def _figures(home: Path, but: Path) -> dict[str, Any] | None:
    """What was found when another model than this was examined here, the latest."""
    every = [each for each in (home / "model").glob("nlu-*.json") if each != _kept_at(but)]
    latest = max(every, key=lambda each: each.stat().st_mtime, default=None)
    return dict(json.loads(latest.read_text())) if latest else None


def _kept_at(of: Path) -> Path:
    return of.with_name(of.name.replace(".tar.gz", ".json"))


async def _examined(parse: Parse, path: Path) -> tuple[list[Seen], list[float]]:
    """Every sentence of a set as it is understood, and how long each took (seconds)."""
    seen, times = [], []
    for intent, text in sentences(path):
        began = time.perf_counter()
        said = await parse(text)
        times.append(time.perf_counter() - began)
        seen.append(_seen(intent, said))
    return seen, times


def _seen(meant: str, said: dict[str, Any]) -> Seen:
    return Seen(meant, [(each["name"], each["confidence"]) for each in said["intent_ranking"]], said["safety"])


def sentences(path: Path) -> Iterator[tuple[str, str]]:
    """Every intent and sentence of a file in Rasa's format."""
    intent = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("- intent: "):
            intent = line.removeprefix("- intent: ")
        elif line.startswith("    - "):
            yield intent, line.removeprefix("    - ")
