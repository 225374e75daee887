"""One border of the classifier: what speaks for an intent against all others. Known to the processes that draw them."""

from __future__ import annotations

from typing import Any

import numpy as np  # type: ignore[import-not-found,import-untyped,unused-ignore]
from sklearn.svm import LinearSVC  # type: ignore[import-not-found,import-untyped,unused-ignore]

# When a border is good enough; a thousand times nearer names hardly a sentence of the development sets otherwise.
_NEAR = 0.1


def border(seen: Any, mine: Any, intents: int, strictness: float) -> tuple[Any, float]:
    """What speaks for one intent, and what is left when nothing does; one with few examples weighs as much."""
    rare = len(mine) / (intents * int(mine.sum()))
    machine = LinearSVC(C=strictness, class_weight={True: rare, False: 1.0}, tol=_NEAR, random_state=1).fit(seen, mine)
    return machine.coef_[0].astype(np.float32), float(machine.intercept_[0])
