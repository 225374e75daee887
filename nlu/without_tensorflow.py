"""Stand-ins for what Rasa imports and we never use, so that none of it has to be installed.

`import rasa` reaches TensorFlow through its dialogue policies even where the pipeline has none of it, and every chat
platform's SDK through its channels: 2.3 GB on disk, 350 MB in memory, seconds at every start, 130 packages to trust.
Amana uses Rasa's intents alone. Rasa 3.6 has ended, so the list below is final: it is what `rasa.core.agent`,
`rasa.model_training` and the default components name at import. A stand-in can be named, subclassed, called and
subscripted, which is all that an import does with it; a library that is not listed here fails to import as usual.
"""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

ABSENT = frozenset(
    """
    tensorflow tensorflow_hub tensorflow_text tensorflow_addons keras matplotlib safetensors
    sqlalchemy pymongo redis boto3 botocore google portalocker
    confluent_kafka aio_pika aiormq kafka
    aiogram fbmessenger mattermostwrapper rocketchat_API slack_sdk socketio twilio webexteamssdk
    sanic sanic_cors sanic_jwt jwt apscheduler aiohttp requests cachecontrol sentry_sdk
    questionary prompt_toolkit terminaltables tqdm randomname dateutil docopt pytz jsonpickle
    """.split()  # noqa: SIM905 - a table to read
)
"""A line each: networks; places to keep conversations, models and locks; brokers; chat platforms; Rasa's own server,
its timers and its calls to elsewhere; its terminal."""


class _Meta(type):
    def __getattr__(cls, name: str) -> type:
        return _stand_in(name)

    def __getitem__(cls, key: object) -> type:
        return cls


def _stand_in(name: str) -> type:
    if name.startswith("__"):
        raise AttributeError(name)
    own: dict[str, Any] = {
        "__init__": lambda _self, *_a, **_k: None,
        "__call__": lambda self, *_a, **_k: self,
        "__getattr__": lambda _self, attribute: _stand_in(attribute),
    }
    return _Meta(name, (), own)


class _Module(ModuleType):
    __path__: list[str] = []  # noqa: RUF012 - a package, so that its submodules can be imported

    def __getattr__(self, name: str) -> type:  # type: ignore[explicit-override,unused-ignore]
        return _stand_in(name)


class _Finder:
    def find_spec(self, fullname: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        if fullname.partition(".")[0] in ABSENT:
            return ModuleSpec(fullname, self, is_package=True)  # type: ignore[arg-type,unused-ignore]
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run."""


def install() -> None:
    """Put the stand-ins in place; before the first `import rasa`. What is installed all the same is itself."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.append(_Finder())


def installed() -> frozenset[str]:
    """Which of these libraries are there all the same."""
    return frozenset(name for name in ABSENT if PathFinder.find_spec(name))
