"""Rasa in its own environment: train, serve, test. Knows no key, no database, nobody; keeps and prints no text.

`python -m nlu.rasa train|serve|test`, run by Python 3.11 or 3.10 with requirements/nlu.lock. `rasa run` is not used: it
listens to everybody, answers on channels whatever the token, lets anyone replace the model, prints what people write.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
from pathlib import Path

from nlu import examining, model, serving


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m nlu.rasa")
    parser.add_argument("command", choices=("train", "serve", "test"))
    parser.add_argument("--home", type=Path, default=Path(os.environ.get("AMANA_HOME") or model.ROOT / "var"))
    parser.add_argument("--port", type=int, default=5005)
    parser.add_argument("--workers", type=int, default=1, help="how many processes understand")
    asked = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        home = asked.home.resolve()
        model.be_quiet(home / "rasa-home")
        match asked.command:
            case "serve":
                serving.serve(home, asked.port, asked.workers)
            case "train":
                model.train(home)
            case _:
                examining.test(home)


if __name__ == "__main__":
    main()
