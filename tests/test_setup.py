"""What dev.py promises a person with a fresh clone: it finds a Python, sets up once, and says what is missing."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import re
import socket
import stat
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
OWN = sys.version_info[:2]


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("amana_dev", ROOT / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


dev: Any = _load()


def script(path: Path, *lines: str) -> Path:
    """A program of a few shell lines, as version managers put them on the PATH."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


# ── finding a Python ────────────────────────────────────────────────────────────────────────────────────────


def test_a_shim_that_fails_is_passed_over(tmp_path: Path) -> None:
    """A version manager's shim looks like a Python and ends with 127: the real one behind it is found all the same."""
    shim = script(tmp_path / "shims" / "python3.13", "echo 'command not found' >&2", "exit 127")

    found = dev.find([OWN], [str(shim), str(tmp_path / "absent"), sys.executable], os.environ)

    assert found.version[:2] == OWN


def test_a_python_that_cannot_make_an_environment_does_not_count(tmp_path: Path) -> None:
    """Debian ships ensurepip apart from Python: such a Python starts, and is no use to us."""
    bare = script(tmp_path / "python3", "echo \"ModuleNotFoundError: No module named 'ensurepip'\" >&2", "exit 1")

    assert dev.probe(str(bare), os.environ) is None


def test_something_that_is_no_python_does_not_count(tmp_path: Path) -> None:
    """A program by that name which answers nonsense is passed over as well."""
    assert dev.probe(str(script(tmp_path / "python3", "echo hello")), os.environ) is None


def test_the_first_wanted_version_wins_wherever_it_lies(tmp_path: Path) -> None:
    """Rasa takes 3.11 before 3.10, even where 3.10 is found first; and where there is only 3.10, that one."""
    older = script(tmp_path / "a" / "python", """echo '["/a/python", 3, 10, 13]'""")
    newer = script(tmp_path / "b" / "python", """echo '["/b/python", 3, 11, 7]'""")
    wanted = [(3, 11), (3, 10)]

    assert dev.find(wanted, [str(older), str(newer)], os.environ).path == "/b/python"
    assert dev.find(wanted, [str(older)], os.environ).path == "/a/python"


def test_a_python_too_new_for_rasa_is_not_taken(tmp_path: Path) -> None:
    """Rasa does not run on 3.12 or later, so having only those is having none."""
    newest = script(tmp_path / "python", """echo '["/c/python", 3, 13, 0]'""")

    assert dev.find(dev.NLU.pythons, [str(newest)], os.environ) is None


def test_version_managers_are_looked_into_even_when_the_path_is_empty(tmp_path: Path) -> None:
    """A service manager starts us with a bare PATH; the Pythons in the person's home are found by folder."""
    for place in (".pyenv/versions/3.11.7/bin/python", ".local/share/uv/python/cpython-3.11/bin/python3"):
        script(tmp_path / place)

    found = list(dev.candidates("/own/python", {"PATH": ""}, tmp_path))

    assert found[0] == "/own/python"
    assert str(tmp_path / ".pyenv/versions/3.11.7/bin/python") in found
    assert str(tmp_path / ".local/share/uv/python/cpython-3.11/bin/python3") in found


def test_when_nothing_suitable_is_found_one_sentence_says_what_to_do() -> None:
    """The sentence names the versions that would do, and the way to get one."""
    sentence = dev.missing_python(dev.APP.pythons)

    assert "No Python 3.11 or 3.12 or 3.13" in sentence
    assert "apt install python3 python3-venv" in sentence
    assert "\n" not in sentence


def test_other_pythons_folders_do_not_leak_into_ours() -> None:
    """An activated environment or a PYTHONPATH of the person's shell changes nothing for Amana."""
    environ = {
        "PYTHONPATH": "/x",
        "PYTHONHOME": "/x",
        "VIRTUAL_ENV": "/x",
        "PYENV_VERSION": "2.7",
        "PATH": "/bin",
    }

    assert dev.clean(environ) == {"PATH": "/bin"}


# ── setting up once ─────────────────────────────────────────────────────────────────────────────────────────


def test_two_set_ups_at_once_make_one(tmp_path: Path) -> None:
    """Two starts at the same moment: one sets up, the other waits and finds it done."""
    made: list[int] = []

    def make(_keep: int) -> None:
        time.sleep(0.2)
        made.append(1)

    starts = [
        threading.Thread(target=dev.make_once, args=(tmp_path / "x.busy", lambda: bool(made), make)) for _ in range(2)
    ]
    for one in starts:
        one.start()
    for one in starts:
        one.join()

    assert made == [1]


def test_a_set_up_that_was_broken_off_is_made_again(tmp_path: Path) -> None:
    """Without its stamp an environment does not count, however complete it looks."""
    environment, _ = _an_environment(tmp_path)
    half = dev.is_ready(environment)

    (environment.folder / "set-up").write_text(dev.stamp_of(environment))

    assert (half, dev.is_ready(environment)) == (False, True)


@pytest.mark.skipif(sys.platform == "win32", reason="a child holds its parent's lock on POSIX only")
def test_a_pip_left_behind_by_a_killed_start_keeps_the_next_one_waiting(tmp_path: Path) -> None:
    """After kill -9 of a start its pip may still be writing; nobody else writes until that one has ended."""
    lock, written = tmp_path / "x.busy", tmp_path / "written"
    slow_write = f"import time; time.sleep(0.5); open({str(written)!r}, 'w').close()"
    with dev.held(lock) as keep:
        orphan = subprocess.Popen([sys.executable, "-c", slow_write], pass_fds=(keep,))

    with dev.held(lock):
        was_written = written.exists()

    orphan.wait()
    assert was_written


def test_a_changed_lock_makes_the_environment_again(tmp_path: Path) -> None:
    """After a pull that changed a lock, the next start brings the environment up to date."""
    environment, lock = _an_environment(tmp_path)
    (environment.folder / "set-up").write_text(dev.stamp_of(environment))

    lock.write_text("starlette==1.10.1\n")

    assert not dev.is_ready(environment)


def test_an_environment_whose_python_has_gone_is_made_again(tmp_path: Path) -> None:
    """An upgrade of the system may take away the Python that an environment stands on."""
    environment, _ = _an_environment(tmp_path)
    (environment.folder / "set-up").write_text(dev.stamp_of(environment))

    dev.program(environment, "python").unlink()

    assert not dev.is_ready(environment)


def _an_environment(root: Path) -> tuple[Any, Path]:
    """An environment that has its Python and not yet its stamp, and the lock it is made from."""
    lock = root / "requirements" / "some.lock"
    lock.parent.mkdir()
    lock.write_text("starlette==1.10.0\n")
    environment = dev.Environment("some", ("some",), (OWN,), root=root)
    script(dev.program(environment, "python"))
    return environment, lock


def test_a_missing_lock_is_named(tmp_path: Path) -> None:
    """A clone that lacks a file says which, instead of failing somewhere inside pip."""
    absent = dev.Environment("absent", ("absent",), (OWN,), root=tmp_path)

    with pytest.raises(dev.SetUpError, match=r"requirements/absent\.lock is missing"):
        dev.set_up(absent, {})


def test_nothing_is_started_after_a_set_up_was_broken_off(tmp_path: Path) -> None:
    """After Ctrl-C what runs is ended, and the steps that would have followed do not begin."""
    children = dev.Children()
    children.stop()

    status, _ = children.call([sys.executable, "-c", f"open({str(tmp_path / 'begun')!r}, 'w')"], os.environ)

    assert status != 0
    assert not (tmp_path / "begun").exists()


# ── what is written, and what may not be ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("lock", sorted((ROOT / "requirements").glob("*.lock")), ids=lambda lock: str(lock.name))
def test_locks_hold_hashes_and_no_address(lock: Path) -> None:
    """Every package is named with its hash; where it came from is said nowhere."""
    lines = [line for line in lock.read_text().splitlines() if line and not line.startswith("#")]

    assert dev.addresses_in([lock]) == []
    assert lines
    for line in lines:
        assert line.startswith("    --hash=sha256:") or "==" in line, line


@pytest.mark.parametrize(
    "line",
    ["--index-url x", "--extra-index-url x", "--find-links /x", "some @ https" + "://example.org/some.whl"],
)
def test_an_address_in_a_lock_is_found(tmp_path: Path, line: str) -> None:
    """The check sees each way in which an address gets into a lock, and names the line."""
    lock = tmp_path / "some.lock"
    lock.write_text(f"starlette==1.10.0\n{line}\n")

    assert dev.addresses_in([lock]) == [f"some.lock:2: {line}"]


# ── known holes in packages ─────────────────────────────────────────────────────────────────────────────────

PIP_AUDIT = str(Path(sys.executable).with_name("pip-audit"))
HOLE = {
    "id": "GHSA-zzzz-zzzz-zzzz", "aliases": ["CVE-2999-1"], "summary": "It lets anybody in.",
    "affected": [{
        "package": {"name": "leaky", "ecosystem": "PyPI"},
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.3"}]}],
    }],
}  # fmt: skip


class _Service(BaseHTTPRequestHandler):
    """A vulnerability service (OSV's calls): it knows one hole, in leaky 1.2."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        found = (asked["package"]["name"], asked["version"]) == ("leaky", "1.2")
        answer = json.dumps({"vulns": [HOLE]} if found else {}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Nothing beside the test's own lines."""


@contextmanager
def service(handler: type[BaseHTTPRequestHandler] = _Service) -> Iterator[dict[str, str]]:
    """The variables with which the real pip-audit asks our service instead of the world's."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield asking(server.server_port)
        finally:
            server.shutdown()
            thread.join()


def asking(port: int) -> dict[str, str]:
    """The variables for a service on a port of this machine."""
    address = "http" + f"://127.0.0.1:{port}/v1/query"
    return {**os.environ, "PIP_AUDIT_VULNERABILITY_SERVICE": "osv", "PIP_AUDIT_OSV_URL": address, "no_proxy": "*"}


def lock(folder: Path, *packages: str) -> Path:
    """A lock of these packages."""
    file = folder / "some.lock"
    file.write_text("".join(f"{package} \\\n    --hash=sha256:{'0' * 64}\n" for package in packages))
    return file


def accepting(folder: Path, *lines: str) -> Path:
    """The file of the holes that do not concern us."""
    file = folder / "accepted-holes.txt"
    file.write_text("\n".join(["# holes", *lines, ""]))
    return file


def test_a_known_hole_in_a_package_fails_the_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever reads it sees package, version, id, and the version to go to."""
    with service() as environ:
        sound = dev.known_holes(PIP_AUDIT, [lock(tmp_path, "leaky==1.2", "sound==1.0")], accepting(tmp_path), environ)

    assert not sound
    assert (
        "failed known holes\nsome.lock: leaky 1.2: CVE-2999-1, GHSA-zzzz-zzzz-zzzz; fixed in 1.3\n"
        in capsys.readouterr().err
    )


def test_packages_without_a_known_hole_pass_the_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says how many were asked about, so that nobody takes silence for an answer."""
    with service() as environ:
        sound = dev.known_holes(PIP_AUDIT, [lock(tmp_path, "leaky==1.3", "sound==1.0")], accepting(tmp_path), environ)

    assert sound
    assert capsys.readouterr().err == "ok     known holes: 2 packages asked about\n"


@pytest.mark.parametrize("hole", ["GHSA-zzzz-zzzz-zzzz", "CVE-2999-1"])
def test_a_hole_that_does_not_concern_us_is_accepted_with_its_reason(tmp_path: Path, hole: str) -> None:
    """Under whichever of its names it is written down."""
    accepted = accepting(tmp_path, f"{hole} we never call that part")

    with service() as environ:
        assert dev.known_holes(PIP_AUDIT, [lock(tmp_path, "leaky==1.2")], accepted, environ)


def test_a_hole_that_is_accepted_without_a_reason_fails_the_check(tmp_path: Path) -> None:
    """Nobody can wave a hole through in silence."""
    accepted = dev.accepted_holes(accepting(tmp_path, "CVE-2999-1"))

    assert dev.judge([], accepted) == [
        "accepted-holes.txt: CVE-2999-1 has no reason; write why it does not concern us."
    ]


def test_where_no_service_answers_the_check_says_so_and_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A machine without the Internet can still check everything else, and nobody believes that somebody looked."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens: whoever calls is refused
        began = time.monotonic()

        sound = dev.known_holes(
            PIP_AUDIT, [lock(tmp_path, "leaky==1.2")], accepting(tmp_path), asking(taken.getsockname()[1])
        )

    assert sound
    assert capsys.readouterr().err == "-      known holes: not asked: no vulnerability service answers from here\n"
    assert time.monotonic() - began < 30


class _Gate(_Service):
    """What a guest network answers instead of the service."""

    def do_POST(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>Please sign in</html>")


def test_a_gate_that_answers_instead_of_the_service_is_no_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A sign-in page is not taken for a clean bill."""
    with service(_Gate) as environ:
        assert dev.known_holes(PIP_AUDIT, [lock(tmp_path, "leaky==1.2")], accepting(tmp_path), environ)

    assert dev.UNASKED in capsys.readouterr().err


def test_a_service_that_knows_none_of_our_packages_was_not_asked() -> None:
    """A mirror of the package index knows no holes: pip-audit calls everything sound then, and we do not."""
    reason = "Dependency not found on PyPI and could not be audited: uv (0.13.8)"

    read = dev.read_audit("pythons.lock", {"dependencies": [{"name": "uv", "skip_reason": reason}], "fixes": []})

    assert (read.known, read.unknown, read.holes) == ((), ("uv",), ())


def test_a_lock_that_cannot_be_read_fails_the_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A broken lock does not pass for one that could not be asked about."""
    broken = tmp_path / "some.lock"
    broken.write_text("leaky>=1.2\n")

    with service() as environ:
        assert not dev.known_holes(PIP_AUDIT, [broken], accepting(tmp_path), environ)

    assert "some.lock could not be read" in capsys.readouterr().err


def test_our_own_list_of_accepted_holes_gives_reasons() -> None:
    """Every hole we live with says why."""
    assert all(dev.accepted_holes(dev.ACCEPTED).values())


def test_every_rule_that_is_set_aside_says_which_and_why() -> None:
    """A line that bandit may not look at names the rule and, behind a second #, the reason."""
    ours = [
        file
        for name in dev.OURS
        for file in ([ROOT / name] if (ROOT / name).is_file() else (ROOT / name).rglob("*.py"))
    ]
    aside = [line for file in ours for line in file.read_text(encoding="utf-8").splitlines() if "# nosec" in line]

    assert aside
    assert [line for line in aside if not re.search(r"# nosec B\d{3}(, B\d{3})*  # \w.+", line)] == []


@pytest.mark.parametrize(
    ("environ", "settings", "expected"),
    [
        ({}, None, "var"),
        ({}, "# ours\nAMANA_HOME = 'kept'\n", "kept"),
        ({"AMANA_HOME": "asked"}, "AMANA_HOME=kept\n", "asked"),
        ({"AMANA_HOME": "/srv/amana"}, None, "/srv/amana"),
    ],
)
def test_the_model_goes_where_the_application_looks_for_it(
    tmp_path: Path, environ: dict[str, str], settings: str | None, expected: str
) -> None:
    """AMANA_HOME counts from the environment, then from `.env`, then it is ./var; as in the application itself."""
    if settings is not None:
        (tmp_path / ".env").write_text(settings)

    assert dev.amana_home(environ, tmp_path) == tmp_path / expected


def test_a_browser_is_found_by_name_on_the_path_and_in_playwrights_cache(tmp_path: Path) -> None:
    """Whichever Chromium a machine has will do; the one that was named goes first, and none is an empty text."""
    cached = script(tmp_path / ".cache/ms-playwright/chromium-1200/chrome-linux/chrome")
    installed = script(tmp_path / "bin" / "chromium")
    bare: dict[str, str] = {"PATH": ""}

    assert dev.find_browser({**bare, "AMANA_CHROMIUM": "/mine"}, tmp_path) == "/mine"
    assert dev.find_browser({"PATH": str(installed.parent)}, tmp_path) == str(installed)
    assert dev.find_browser(bare, tmp_path) == str(cached)
    assert dev.find_browser(bare, tmp_path / "nobody") == ""


# ── the command line ────────────────────────────────────────────────────────────────────────────────────────


def test_an_unknown_command_is_answered_with_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever guesses wrong sees what there is."""
    status = dev.main(["begin"], {})

    assert status == 2
    assert dev.USAGE in capsys.readouterr().err


def test_dev_py_is_written_for_every_python_that_may_start_it() -> None:
    """The Python on the PATH may be older than the one Amana runs on: dev.py uses no syntax newer than 3.8."""
    ast.parse((ROOT / "dev.py").read_text(encoding="utf-8"), feature_version=(3, 8))
