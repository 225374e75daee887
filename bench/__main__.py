"""`python -m bench [name]`: run one benchmark, or all."""

from __future__ import annotations

import sys

from bench import turns, vault

ALL = {"turns": turns.run, "vault": vault.run}

wanted = sys.argv[1:] or list(ALL)
unknown = [each for each in wanted if each not in ALL]
if unknown:
    sys.exit(f"There is no benchmark {', '.join(unknown)}; there are: {', '.join(ALL)}.")
for name in wanted:
    ALL[name]()
