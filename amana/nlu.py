"""Rasa in its own environment, as a child process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from house.settings import Settings, WrongSetting

ROOT = Path(__file__).parent.parent


def command(settings: Settings, what: str) -> list[str]:
    """The command that runs Rasa."""
    call = [settings.nlu_python, "-m", "nlu.rasa", what, "--home", str(settings.home.resolve())]
    serving = ["--port", str(settings.nlu_port), "--workers", str(settings.nlu_workers)]
    return [*call, *serving] if what == "serve" else call


def run(settings: Settings, what: str) -> int:
    """Train, test or serve; the exit status is Rasa's."""
    if not settings.nlu_python:
        raise WrongSetting(
            "AMANA_NLU_PYTHON: there is no environment for Rasa. Run `python3 dev.py run` once; "
            "it needs a Python 3.11 or 3.10 on this machine."
        )
    if what == "serve" and not settings.nlu_token:
        raise WrongSetting("AMANA_NLU_TOKEN: set the same random value for `amana nlu` and `amana bot`.")
    sys.stdout.flush()
    call = command(settings, what)
    if what == "serve":
        # Becomes Rasa instead of starting it: a signal to this process must not leave Rasa behind.
        os.chdir(ROOT)
        os.execve(call[0], call, {**os.environ, "AMANA_NLU_TOKEN": settings.nlu_token})
    return subprocess.run(call, cwd=ROOT, check=False).returncode
