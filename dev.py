#!/usr/bin/env python3
"""Sets up what Amana needs on this machine and starts its commands (`python3 dev.py` lists them)."""

from __future__ import annotations  # a Python that stops here is older than 3.8, and too old

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

OLDEST: tuple[int, ...] = (3, 8)  # a Python that stops here is older than that, and too old
ROOT = Path(__file__).resolve().parent
USAGE = """usage: python3 dev.py COMMAND

  run [--no-nlu]    sets up what is missing and starts everything on this machine; Ctrl-C stops it
  test [arguments]  sets up what is missing and runs every test (the arguments are pytest's)
  check             style, types, import contracts, security rules, catalogues, programme, rows, locks, known holes
  amana ...         the application's own command line; `amana --help` lists it
  bench [name]      the measurements
"""

# A Python that cannot do these cannot make an environment or run Amana in it (Debian ships ensurepip apart).
# Asked for its base: an environment made from an environment falls with it.
PROBE = """import ensurepip, json, sqlite3, ssl, sys, venv
print(json.dumps([getattr(sys, "_base_executable", None) or sys.executable, *sys.version_info[:3]]))"""
# What a lock must never hold: where somebody's packages came from is their business, and not the reader's.
ADDRESSES = ("://", "--index-url", "--extra-index-url", "--find-links")
# What we wrote ourselves and somebody runs; tests are looked at by ruff.
OURS = ("actions", "nlu", "store", "house", "bot", "scheduler", "console", "amana", "bench", "dev.py")


class SetUpError(Exception):
    """Something is missing on this machine; its text is the sentence for the person at the keyboard."""


class Interpreter(NamedTuple):
    """A Python that was started and reported for itself."""

    path: str
    version: tuple[int, ...]


class Environment(NamedTuple):
    """One virtual environment: the locks it is made from, and the Pythons that may carry it, best first."""

    name: str
    locks: tuple[str, ...]
    pythons: tuple[tuple[int, int], ...]
    pip: tuple[str, ...] = ()
    brought: str = ""  # the Python that uv may bring where none of these is found
    root: Path = ROOT

    @property
    def folder(self) -> Path:
        """Where the environment lies."""
        return self.root / f".venv-{self.name}"

    @property
    def lock_files(self) -> list[Path]:
        """The files that name every package with its hash."""
        return [self.root / "requirements" / f"{lock}.lock" for lock in self.locks]


_NEWEST_FIRST = ((3, 13), (3, 12), (3, 11))
# The Python that started us is taken where it will do: it is the one the person chose.
_OWN_FIRST = tuple(sorted(_NEWEST_FIRST, key=lambda version: version != sys.version_info[:2]))
APP = Environment("app", ("app",), _OWN_FIRST)
DEV = Environment("dev", ("app", "dev"), _OWN_FIRST)
# Rasa 3.6.21 declares Python < 3.11 and runs on it (requirements/nlu.in), so pip is told not to mind.
NLU = Environment("nlu", ("nlu",), ((3, 11), (3, 10)), ("--ignore-requires-python",), "3.11")
PYTHONS = Environment("pythons", ("pythons",), _OWN_FIRST)


# ── saying what happens ─────────────────────────────────────────────────────────────────────────────────────


def say(text: str) -> None:
    """Writes one line of progress; standard output stays free for what the command itself prints."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


@contextmanager
def step(name: str) -> Iterator[None]:
    """Says what was done and how long it took, once it is done."""
    began = time.monotonic()
    yield
    say(f"  {name} ({time.monotonic() - began:.1f} s)")


def last_lines(output: str, count: int = 15) -> str:
    """The end of a program's output, where it says why it stopped."""
    return "\n".join(f"    {line}" for line in output.strip().splitlines()[-count:])


# ── children ────────────────────────────────────────────────────────────────────────────────────────────────


class Children:
    """The programs started during a set-up, so that none outlives it when it is broken off."""

    def __init__(self) -> None:
        self.running: set[subprocess.Popen[str]] = set()
        self.stopping = threading.Event()

    def call(
        self, command: Sequence[str], environ: Mapping[str, str], keep: int | None = None, limit: float | None = None
    ) -> tuple[int, str]:
        """Runs one program to its end, or for `limit` seconds; answers its exit status and what it wrote.

        `keep` is a file lock that the child holds with us: if we are killed, a pip that is still writing keeps the next
        start waiting instead of writing into its folder.
        """
        if self.stopping.is_set():
            return 1, "broken off"
        held = () if keep is None or sys.platform == "win32" else (keep,)
        with subprocess.Popen(
            command, cwd=ROOT, env=dict(environ), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace", pass_fds=held,
        ) as child:  # fmt: skip
            self.running.add(child)
            try:
                output, _ = child.communicate(timeout=limit)
            except subprocess.TimeoutExpired:
                child.kill()
                output, _ = child.communicate()
            self.running.discard(child)
        return child.returncode, output

    def stop(self) -> None:
        """Ends what is running and starts nothing more."""
        self.stopping.set()
        for child in list(self.running):
            child.terminate()


CHILDREN = Children()


def clean(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without what would make a Python look for its modules in another one's folders."""
    foreign = ("PYTHON", "VIRTUAL_ENV", "PYENV_VERSION", "__PYVENV_LAUNCHER__", "CONDA_")
    return {name: value for name, value in environ.items() if not name.startswith(foreign)}


# ── interpreters ────────────────────────────────────────────────────────────────────────────────────────────


def candidates(own: str, environ: Mapping[str, str], home: Path) -> Iterator[str]:
    """Every place where a Python may lie, its own first; whether one lies there is for `probe` to see."""
    names = [f"python3.{minor}" for minor in (13, 12, 11, 10)]
    yield own
    for name in names:
        found = shutil.which(name, path=environ.get("PATH", ""))
        if found:
            yield found
    for folder, pattern in version_folders(environ, home):
        yield from (str(path) for path in sorted(folder.glob(pattern), reverse=True))
    for place in ("/usr/local/bin", "/usr/bin"):
        yield from (f"{place}/{name}" for name in [*names, "python3"])


def version_folders(environ: Mapping[str, str], home: Path) -> list[tuple[Path, str]]:
    """Where version managers keep their Pythons: the folder, and the pattern of an interpreter in it."""
    uv = environ.get("UV_PYTHON_INSTALL_DIR") or home / ".local/share/uv/python"
    return [
        (Path(environ.get("PYENV_ROOT") or home / ".pyenv") / "versions", "*/bin/python"),
        (Path(environ.get("ASDF_DATA_DIR") or home / ".asdf") / "installs/python", "*/bin/python3"),
        (
            Path(environ.get("MISE_DATA_DIR") or home / ".local/share/mise") / "installs/python",
            "*/bin/python3",
        ),
        (Path(uv), "*/bin/python3"),
        (Path(uv), "*/python.exe"),
        (PYTHONS.folder / "installed", "*/bin/python3"),
        (PYTHONS.folder / "installed", "*/python.exe"),
    ]


def probe(path: str, environ: Mapping[str, str]) -> Interpreter | None:
    """Starts a candidate and asks what it is. A version manager's shim looks like a Python and may end with 127."""
    try:
        answer = subprocess.run(
            [path, "-I", "-c", PROBE],
            env=clean(environ),
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        )
        real, *version = json.loads(answer.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return Interpreter(real, tuple(version))


def find(wanted: Sequence[tuple[int, int]], paths: Iterable[str], environ: Mapping[str, str]) -> Interpreter | None:
    """The first working Python of the most wanted version; nothing more is started once that one is found."""
    best: Interpreter | None = None
    for path in dict.fromkeys(paths):
        found = probe(path, environ)
        if found and found.version[:2] == wanted[0]:
            return found
        if found and found.version[:2] in wanted:
            best = min(best or found, found, key=lambda python: wanted.index((python.version[0], python.version[1])))
    return best


def missing_python(wanted: Sequence[tuple[int, int]]) -> str:
    """The sentence for a machine on which no suitable Python was found."""
    versions = " or ".join(f"{major}.{minor}" for major, minor in sorted(wanted))
    return (
        f"No Python {versions} with venv, ssl and sqlite3 was found on this machine: install one "
        "(Debian and Ubuntu: apt install python3 python3-venv; elsewhere: pyenv, uv or the system's) and start again."
    )


def bring(version: str, environ: Mapping[str, str]) -> None:
    """Asks uv, from the package index, to bring a Python; once only, for it needs the open Internet."""
    if is_ready(PYTHONS):
        return
    set_up(PYTHONS, environ)
    within = {"UV_PYTHON_INSTALL_DIR": "installed", "UV_CACHE_DIR": "cache"}
    place = {name: str(PYTHONS.folder / folder) for name, folder in within.items()}
    command = [str(program(PYTHONS, "uv")), "python", "install", "--no-bin", "--no-config", version]
    with step(f"asked uv for Python {version}"):
        CHILDREN.call(command, {**clean(environ), **place})


def python_for(environment: Environment, environ: Mapping[str, str]) -> Interpreter:
    """The Python to make an environment with, brought by uv where that is foreseen and none is here."""

    def look() -> Interpreter | None:
        return find(environment.pythons, candidates(sys.executable, environ, Path.home()), environ)

    found = look()
    if found is None and environment.brought:
        bring(environment.brought, environ)
        found = look()
    if found is None:
        raise SetUpError(missing_python(environment.pythons))
    return found


# ── environments ────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def held(path: Path) -> Iterator[int]:
    """Holds a file lock, which the system itself gives back when its holder dies; waits while another start has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        if not _lock(file.fileno(), wait=False):
            say(f"  another start is at work on {path.stem.lstrip('.')}; waiting for it")
            while not _lock(file.fileno(), wait=True):
                time.sleep(0.1)
        yield file.fileno()


def _lock(number: int, *, wait: bool) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(number, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(number, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        return False
    return True


def make_once(lock: Path, is_made: Callable[[], bool], make: Callable[[int], None]) -> None:
    """Makes what is missing. Of two starts at once, the second waits and finds it made."""
    if is_made():
        return
    with held(lock) as keep:
        if not is_made():
            make(keep)


def fingerprint(files: Iterable[Path], *more: str) -> str:
    """One short text that changes when any of these files, or anything else named here, changes."""
    digest = hashlib.sha256("\0".join(more).encode())
    for file in files:
        digest.update(f"\0{file.name}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def program(environment: Environment, name: str) -> Path:
    """Where a program of an environment lies."""
    windows = sys.platform == "win32"
    return environment.folder / ("Scripts" if windows else "bin") / (f"{name}.exe" if windows else name)


def stamp_of(environment: Environment) -> str:
    """What an environment's stamp must say: these locks, in this folder, on this interpreter."""
    python = os.path.realpath(program(environment, "python"))
    return fingerprint(environment.lock_files, str(environment.folder), python)


def is_ready(environment: Environment) -> bool:
    """Whether an environment was made to its end from the locks as they are now, and its Python is still there."""
    stamp = environment.folder / "set-up"
    needed = [stamp, program(environment, "python"), *environment.lock_files]
    return all(file.exists() for file in needed) and stamp.read_text() == stamp_of(environment)


def set_up(environment: Environment, environ: Mapping[str, str]) -> None:
    """Makes an environment if it is missing, old or was broken off."""
    absent = [file.name for file in environment.lock_files if not file.exists()]
    if absent:
        raise SetUpError(f"requirements/{absent[0]} is missing, so {environment.folder.name} cannot be made.")
    lock = environment.folder.with_suffix(".busy")
    make_once(lock, lambda: is_ready(environment), lambda keep: make(environment, environ, keep))


def make(environment: Environment, environ: Mapping[str, str], keep: int) -> None:
    """Makes an environment from scratch; the stamp comes last, so that half an environment never counts."""
    python = python_for(environment, environ)
    version = ".".join(map(str, python.version))
    with step(f"{environment.folder.name} made, Python {version}"):
        shutil.rmtree(environment.folder, ignore_errors=True)
        _must([python.path, "-m", "venv", str(environment.folder)], environ, keep)
    # Nothing is compiled ahead: Python compiles what is imported, which is a small part.
    pip = [
        str(program(environment, "python")),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-input",
        "--no-compile",
    ]
    pip += ["--disable-pip-version-check", "--require-hashes", "--no-deps", *environment.pip]
    for lock in environment.lock_files:
        with step(f"{environment.folder.name}: installed {lock.name}"):
            _must([*pip, "--requirement", str(lock)], environ, keep)
    (environment.folder / "set-up").write_text(stamp_of(environment))


def _must(command: Sequence[str], environ: Mapping[str, str], keep: int) -> None:
    status, output = CHILDREN.call(command, clean(environ), keep)
    if status:
        raise SetUpError(f"This did not work: {' '.join(command)}\n{last_lines(output)}")


# ── understanding ───────────────────────────────────────────────────────────────────────────────────────────


def amana_home(environ: Mapping[str, str], root: Path = ROOT) -> Path:
    """Where everything that Amana writes lies: AMANA_HOME from the environment or from `.env`, otherwise ./var."""
    settings = root / ".env"
    lines = settings.read_text(encoding="utf-8").splitlines() if settings.exists() else []
    pairs = (line.partition("=") for line in lines)
    written = {name.strip(): value.strip().strip("\"'") for name, _, value in pairs}
    return root / Path(environ.get("AMANA_HOME") or written.get("AMANA_HOME") or "var").expanduser()


def train(environ: Mapping[str, str], home: Path) -> None:
    """Trains Rasa's model; nlu.rasa knows by itself whether there is anything new to learn, and is quick if not."""
    began = time.monotonic()
    command = [str(program(NLU, "python")), "-m", "nlu.rasa", "train"]
    status, output = CHILDREN.call(command, {**clean(environ), "AMANA_HOME": str(home)})
    if status:
        raise SetUpError(f"The model could not be trained:\n{last_lines(output)}")
    if output:
        say(f"  Rasa's model trained ({time.monotonic() - began:.1f} s)")


def understanding(environ: Mapping[str, str], home: Path) -> str:
    """The Python that runs Rasa, ready with its model; an empty text where there is none, after saying why."""
    try:
        set_up(NLU, environ)
        train(environ, home)
    except (SetUpError, OSError) as error:
        if not CHILDREN.stopping.is_set():
            say(f"Amana goes on without Rasa: menus, numbers and buttons work, free text is not understood. {error}")
        return ""
    return str(program(NLU, "python"))


def prepare(environment: Environment, environ: Mapping[str, str], *, nlu: bool) -> dict[str, str]:
    """Sets up an environment and, beside it, Rasa's; answers the variables to start the application with."""
    if not is_ready(environment) or (nlu and not is_ready(NLU)):
        say("Setting up what is missing on this machine; the first time takes a minute or two.")
    home = amana_home(environ)
    ready = {**clean(environ), "AMANA_HOME": str(home), "AMANA_NLU_PYTHON": ""}
    with ThreadPoolExecutor() as pool:
        try:
            rasa = pool.submit(understanding, environ, home) if nlu else None
            set_up(environment, environ)
            return {**ready, "AMANA_NLU_PYTHON": rasa.result()} if rasa else ready
        except BaseException:
            CHILDREN.stop()
            raise


# ── a browser for the tests ─────────────────────────────────────────────────────────────────────────────────


def find_browser(environ: Mapping[str, str], home: Path) -> str:
    """A Chromium: the one that is named, one on the PATH, or Playwright's own; otherwise an empty text."""
    named = environ.get("AMANA_CHROMIUM", "")
    on_path = (
        shutil.which(name, path=environ.get("PATH", "")) for name in ("chromium", "chromium-browser", "google-chrome")
    )
    caches = [Path(environ.get("PLAYWRIGHT_BROWSERS_PATH") or home / ".cache/ms-playwright")]
    caches.append(home / "Library/Caches/ms-playwright")
    programs = ("chrome-linux*/chrome", "chrome-mac*/*.app/Contents/MacOS/*")
    own = (str(path) for cache in caches for name in programs for path in sorted(cache.glob(f"chromium-*/{name}")))
    return named or next((path for path in on_path if path), None) or next(own, "")


def browser(environ: Mapping[str, str]) -> str:
    """A Chromium, asked of the system's packages where we may; an empty text where there is none, after saying so."""
    found = find_browser(environ, Path.home())
    may_install = shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0
    if not found and may_install:
        quiet = {**clean(environ), "DEBIAN_FRONTEND": "noninteractive"}
        with step("asked apt for chromium and fonts-noto-core"):
            CHILDREN.call(["apt-get", "update"], quiet)
            CHILDREN.call(["apt-get", "install", "-y", "--no-install-recommends", "chromium", "fonts-noto-core"], quiet)
        found = find_browser(environ, Path.home())
    if not found:
        say("No Chromium was found, so the tests in a browser cannot run: install chromium (and fonts-noto-core).")
    return found


# ── known holes in packages ─────────────────────────────────────────────────────────────────────────────────

# Holes that do not concern us, one a line: its id, then why.
ACCEPTED = ROOT / "requirements" / "accepted-holes.txt"
UNASKED = "not asked: no vulnerability service answers from here"
# A service that answers takes a few seconds a lock; one that is not there is given up after `_ANSWER_SECONDS`.
_AUDIT_SECONDS, _ANSWER_SECONDS = 90, 5
_REMEDY = (
    "Raise the bound in requirements/*.in and make the lock again; where a hole does not concern us, "
    "write its id and why into requirements/accepted-holes.txt."
)


class Hole(NamedTuple):
    """A known vulnerability of a package that a lock names."""

    package: str
    version: str
    ids: tuple[str, ...]
    fixed: tuple[str, ...]

    @property
    def line(self) -> str:
        """What it is and what mends it, in one line."""
        mended = f"fixed in {' and '.join(self.fixed)}" if self.fixed else "no version mends it yet"
        return f"{self.package} {self.version}: {', '.join(self.ids)}; {mended}"


class Audit(NamedTuple):
    """What a vulnerability service said of one lock: the packages it knows, those it does not, and the holes."""

    lock: str
    known: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    holes: tuple[Hole, ...] = ()
    fault: str = ""


def audit(pip_audit: str, lock: Path, environ: Mapping[str, str]) -> Audit:
    """Asks the vulnerability service about every package of a lock."""
    command = [pip_audit, "--requirement", str(lock), "--require-hashes", "--disable-pip", "--progress-spinner", "off"]
    asking = ["--format", "json", "--aliases", "on", "--timeout", str(_ANSWER_SECONDS)]
    _, output = CHILDREN.call([*command, *asking], environ, limit=_AUDIT_SECONDS)
    answers = [line for line in output.splitlines() if line.startswith('{"dependencies"')]
    if answers:
        return read_audit(lock.name, json.loads(answers[-1]))
    # No answer: either nobody is there to ask, or the lock cannot be read, which a run that asks nobody tells apart.
    status, output = CHILDREN.call([*command, "--dry-run"], environ, limit=_AUDIT_SECONDS)
    return Audit(lock.name, fault=last_lines(output) if status else "")


def read_audit(lock: str, answer: Mapping[str, Any]) -> Audit:
    """pip-audit's JSON, which finds no fault in a package that the service does not know: those are kept apart."""
    packages = answer["dependencies"]
    known = [each for each in packages if "skip_reason" not in each]
    return Audit(
        lock,
        tuple(each["name"] for each in known),
        tuple(each["name"] for each in packages if "skip_reason" in each),
        tuple(
            Hole(each["name"], each["version"], (hole["id"], *sorted(hole["aliases"])), tuple(hole["fix_versions"]))
            for each in known
            for hole in each["vulns"]
        ),
    )


def accepted_holes(file: Path) -> dict[str, str]:
    """The holes that do not concern us, each with its reason."""
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition(" ") for line in lines if line and not line.startswith("#"))
    return {hole: why.strip() for hole, _, why in pairs}


def judge(audits: Sequence[Audit], accepted: Mapping[str, str]) -> list[str]:
    """One line for whatever must not stay as it is."""
    lines = [
        f"{ACCEPTED.name}: {hole} has no reason; write why it does not concern us."
        for hole in accepted
        if not accepted[hole]
    ]
    for each in audits:
        lines += [f"{each.lock} could not be read:\n{each.fault}"] if each.fault else []
        lines += [f"{each.lock}: {hole.line}" for hole in each.holes if not accepted.keys() & set(hole.ids)]
    return lines


def known_holes(pip_audit: str, locks: Iterable[Path], accepted: Path, environ: Mapping[str, str]) -> bool:
    """Says whether any package of these locks has a known hole; that nobody could be asked is said, and is no fault."""
    with ThreadPoolExecutor() as pool:
        audits = list(pool.map(lambda lock: audit(pip_audit, lock, environ), locks))
    faults = judge(audits, accepted_holes(accepted))
    if faults:
        return _report("known holes", 1, "\n".join([*faults, _REMEDY]))
    if not any(each.known for each in audits):
        say(f"{'-':7}known holes: {UNASKED}")
        return True
    for each in audits:
        if not each.known:
            say(f"{'-':7}known holes: {each.lock}: {UNASKED}")
        elif each.unknown:
            say(f"{'-':7}known holes: {each.lock}: the service does not know {', '.join(each.unknown)}")
    return _report(f"known holes: {sum(len(each.known) for each in audits)} packages asked about", 0, "")


# ── commands ────────────────────────────────────────────────────────────────────────────────────────────────


def start(command: Sequence[str], environ: Mapping[str, str]) -> NoReturn:
    """Becomes the program, so that signals and exit status are its own; where that cannot be done, waits for it."""
    if sys.platform == "win32":
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the child gets Ctrl-C too, and stops by itself
        sys.exit(subprocess.call(list(command), env=dict(environ)))
    os.execve(command[0], list(command), dict(environ))  # noqa: S606 - our own program, and no shell


def run(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Starts everything on this machine."""
    return amana(["run", *arguments], environ)


def amana(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """The application's own command line. Rasa is set up only for the commands that start it."""
    starts_rasa = bool(arguments) and arguments[0] in ("run", "nlu", "tour") and "--no-nlu" not in arguments
    ready = prepare(APP, environ, nlu=starts_rasa)
    return start([str(program(APP, "python")), "-m", "amana", *arguments], ready)


def test(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Runs the tests, with Rasa and a browser where the machine can have them."""
    ready = {**prepare(DEV, environ, nlu=True), "AMANA_CHROMIUM": browser(environ)}
    return start([str(program(DEV, "python")), "-m", "pytest", *arguments], ready)


def bench(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Runs the measurements."""
    return start([str(program(DEV, "python")), "-m", "bench", *arguments], prepare(DEV, environ, nlu=True))


def check(_arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Runs every check, all of them even when one fails; answers 0 when all held."""
    ready = prepare(DEV, environ, nlu=False)
    checks = {
        "ruff check": ("ruff", "check", "."),
        "ruff format": ("ruff", "format", "--check", "."),
        "mypy": ("mypy",),
        "import contracts": ("lint-imports",),
        "security rules": ("bandit", "--quiet", "--configfile", "pyproject.toml", "--recursive", *OURS),
        "catalogues, programme, rows": ("python", "-m", "amana", "check"),
    }
    results = [
        _report(title, *CHILDREN.call([str(program(DEV, name)), *arguments], ready))
        for title, (name, *arguments) in checks.items()
    ]
    locks = sorted((ROOT / "requirements").glob("*.lock"))
    found = "\n".join(addresses_in(locks))
    results.append(_report("locks hold no address", int(bool(found)), found))
    results.append(known_holes(str(program(DEV, "pip-audit")), locks, ACCEPTED, ready))
    return 0 if all(results) else 1


def _report(name: str, status: int, output: str) -> bool:
    say(f"{'failed' if status else 'ok':7}{name}")
    for line in output.splitlines():
        if status or line.startswith("note: "):  # what a check lives with is said even when it held
            say(line)
    return status == 0


def addresses_in(locks: Iterable[Path]) -> list[str]:
    """The lines of these locks that say where a package comes from; there must be none."""
    return [
        f"{lock.name}:{number}: {line}"
        for lock in locks
        for number, line in enumerate(lock.read_text(encoding="utf-8").splitlines(), 1)
        if any(address in line for address in ADDRESSES)
    ]


def _end(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Runs one command; answers the exit status."""
    commands = {"run": run, "test": test, "check": check, "amana": amana, "bench": bench}
    if not arguments or arguments[0] not in commands:
        say(USAGE)
        return 0 if arguments[:1] in (["-h"], ["--help"], ["help"]) else 2
    os.chdir(ROOT)
    signal.signal(signal.SIGTERM, _end)
    try:
        return commands[arguments[0]](arguments[1:], environ)
    except SetUpError as error:
        say(str(error))
        return 2
    except KeyboardInterrupt:
        say("Broken off; the next start takes it up again.")
        return 130


if __name__ == "__main__":
    if sys.version_info < OLDEST:
        sys.exit(f"Amana's dev.py needs Python 3.8 or newer, and this is {sys.version.split()[0]}.")
    sys.exit(main(sys.argv[1:], os.environ))
