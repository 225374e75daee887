"""The classifier of the pipeline: words, beginnings of words, letter groups, weighed by rarity, and a linear machine.

What was learnt is kept as one table of numbers, and no word, no example and no pickle is: features are hashed, so there
is no list that could tell what the examples were, and the server starts at once. On the development sets naive Bayes
beside it, hidden layers, a border of its own around all that safety hangs on, letter groups across words and lists of
words for ideas were tried and left out: with these many examples none of them understood more.

A long text is also looked at sentence by sentence, for what somebody's safety hangs on may be one of them.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np  # type: ignore[import-not-found,import-untyped,unused-ignore]
from joblib import Parallel, delayed  # type: ignore[import-not-found,import-untyped,unused-ignore]
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import hstack  # type: ignore[import-not-found,import-untyped,unused-ignore]
from scipy.special import softmax  # type: ignore[import-not-found,import-untyped,unused-ignore]
from sklearn.feature_extraction import FeatureHasher  # type: ignore[import-not-found,import-untyped,unused-ignore]
from sklearn.preprocessing import normalize  # type: ignore[import-not-found,import-untyped,unused-ignore]

from nlu.borders import border
from nlu.intents import SAFETY
from nlu.plain import pieces, plain, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_BEGINNING = 4
_GROUPS = range(2, 6)
_END = "|"
_MARKS = "?!,:"
_LONG = 32


def word_features(text: str) -> list[str]:
    """Words and beginnings of words, alone and with the next one, and the text's outline.

    Endings differ, and are misspelt. The ends of the text stand among the words, for what is said first or last says
    much. One word may stand between two beginnings.
    """
    said = words(text)
    begun = [each[:_BEGINNING] for each in said]
    ends, begins = [_END, *said, _END], [_END, *begun, _END]
    return [
        *said, *(f"{one} {two}" for one, two in pairwise(ends)),
        *(f"{each}-" for each in begun), *(f"{one}- {two}-" for one, two in pairwise(begins)),
        *(f"{one}- - {two}-" for one, two in zip(begins, begins[2:], strict=False)),
        *(each for each in _MARKS if each in text), f"{_END}{_about(len(said))}",
    ]  # fmt: skip


def _about(number: int) -> int:
    """The next power of two, as far as that matters."""
    return min(_LONG, 1 << max(0, number - 1).bit_length())


def letter_features(text: str) -> list[str]:
    """Groups of two to five letters of each word, whose ends are marked."""
    marked = [f"<{each}>" for each in words(text)]
    return [
        each[at : at + size] for each in marked for size in _GROUPS for at in range(len(each) - size + 1)
    ]  # fmt: skip


VIEWS = (word_features, letter_features)


class _Features:
    """Texts as rows of numbers: how often each feature is there (its logarithm), times how rare it is; length one."""

    def __init__(self, bits: int, rarity: Sequence[Any] = ()) -> None:
        self._hasher = FeatureHasher(2**bits, input_type="string", alternate_sign=False, dtype=np.float32)
        self.rarity = list(rarity)

    def learn(self, texts: Sequence[str]) -> Any:
        """Learn how rare each feature is; the rows, both views side by side."""
        hashed = self._counted(texts)
        self.rarity = [_rarity(each) for each in hashed]
        return hstack([normalize(each, copy=False) for each in self._weighed(hashed)], format="csr")

    def scores(self, texts: Iterable[str], weights: Sequence[Any]) -> Any:
        """What speaks for each intent in each text: the rows times the weights of each view.

        Only the weights of what is there are taken, and the rows are divided by their length last: SciPy would make
        single precision of the whole table for each text, and scikit-learn looks longer at a row than all this takes.
        """
        weighed = self._weighed(self._counted(texts))
        return sum(
            _summed(each.data[:, None] * weights[n][each.indices], each) / _length(each)
            for n, each in enumerate(weighed)
        )

    def _counted(self, texts: Iterable[str]) -> list[Any]:
        known = [plain(each) for each in texts]
        return [self._hasher.transform(map(view, known)) for view in VIEWS]

    def _weighed(self, hashed: Iterable[Any]) -> Iterator[Any]:
        # scikit-learn's own TfidfTransformer builds a table of the size of the vocabulary for each text: 20 ms.
        for each, rarity in zip(hashed, self.rarity, strict=True):
            each.data = (1 + np.log(each.data)) * rarity[each.indices]
            yield each


def _length(rows: Any) -> Any:
    """How long each row is, as a column; 1 for one in which nothing is."""
    return np.sqrt(np.where(np.diff(rows.indptr), _summed(rows.data**2, rows), 1))[:, None]


def _summed(values: Any, rows: Any) -> Any:
    """The sum over each row of what was made of its entries; nothing for one that is empty."""
    # `reduceat` takes the entry that comes next for a row without any.
    filled = np.diff(rows.indptr) > 0
    sums = np.zeros((len(filled), *values.shape[1:]), dtype=np.float32)
    if filled.any():
        sums[filled] = np.add.reduceat(values, rows.indptr[:-1][filled])
    return sums


def _rarity(counted: Any) -> Any:
    texts, features = counted.shape
    seen = np.bincount(counted.indices, minlength=features)
    return (np.log((1 + texts) / (1 + seen)) + 1).astype(np.float32)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class WordsAndLetters(IntentClassifier, GraphComponent):  # type: ignore[misc]
    """Names the intent of a message from its words and their parts, and screens it for the safety intents."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """What config.yml may set; it says there what was measured.

        `strictness` is the machine's C, `sharpness` makes chances of its scores (higher is surer of itself), `bits` is
        the size of each view's table.
        """
        return {"strictness": 1.0, "sharpness": 5.0, "bits": 19}

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        """Begin with nothing learnt."""
        self._config = config
        self._storage, self._resource = model_storage, resource
        self._features = _Features(config["bits"])
        self._names: list[str] = []
        self._weights: Any = None
        self._offsets: Any = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003 - Rasa passes it by this name
    ) -> WordsAndLetters:
        """Rasa's way to make an untrained component."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples and keep what was learnt."""
        examples = [each for each in training_data.intent_examples if each.get("text")]
        seen = self._features.learn([each.get("text") for each in examples])
        meant = np.array([each.get("intent") for each in examples])
        self._names = sorted({str(each) for each in meant})
        # Each intent against all others, on as many cores as there are; one after the other takes twice as long here.
        about = len(self._names), self._config["strictness"]
        drawn = Parallel(n_jobs=-1)(delayed(border)(seen, meant == each, *about) for each in self._names)
        sharp = self._config["sharpness"]
        both = np.stack([each for each, _ in drawn], axis=1) * sharp
        # Half precision understands no sentence of the development sets otherwise, in half the memory.
        self._weights = np.ascontiguousarray(both.reshape(len(VIEWS), -1, len(self._names)), dtype=np.float16)
        self._offsets = np.array([each * sharp for _, each in drawn], dtype=np.float32)
        self._keep()
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing after this component needs its answer on the examples."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Name the intent of each message, rank all of them, and say how likely each safety intent is in any part."""
        for message in messages:
            chances = self._chances(pieces(message.get("text")))
            ranking = [
                {"name": self._names[i], "confidence": float(chances[0, i])}
                for i in np.argsort(-chances[0], kind="stable")
            ]
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
            message.set("safety", self._screened(chances), add_to_output=True)
        return messages

    def _screened(self, chances: Any) -> dict[str, float]:
        """How likely each safety intent is in that piece in which any of them is likeliest."""
        grave = [i for i, name in enumerate(self._names) if name in SAFETY]
        there = chances[chances[:, grave].sum(axis=1).argmax(), grave]
        return {self._names[i]: float(chance) for i, chance in zip(grave, there, strict=True)}

    def _chances(self, texts: Sequence[str]) -> Any:
        """One row a text, one column an intent."""
        return softmax(self._features.scores(texts, self._weights) + self._offsets, axis=1)

    def _keep(self) -> None:
        with self._storage.write_to(self._resource) as folder:
            learnt = {"weights": self._weights, "offsets": self._offsets, "names": np.array(self._names)}
            rarity = {f"rarity{n}": each for n, each in enumerate(self._features.rarity)}
            # Rasa packs its folder so tightly that it would take half a minute for these; packed they pass through.
            np.savez_compressed(folder / "learnt.npz", **learnt, **rarity)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003
        **_: Any,
    ) -> WordsAndLetters:
        """Rasa's way to make a trained component."""
        self = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder, np.load(folder / "learnt.npz", allow_pickle=False) as kept:
            self._weights, self._offsets = kept["weights"], kept["offsets"]
            self._names = [str(each) for each in kept["names"]]
            self._features = _Features(config["bits"], [kept[f"rarity{n}"] for n in range(len(VIEWS))])
        return self
