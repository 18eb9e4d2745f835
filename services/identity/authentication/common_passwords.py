"""Passwords that everybody tries first: 30,000 that leaks have shown to be the most common.

They are those of zxcvbn 4.5.0 (MIT licence, © Dropbox), which took them from the leaks that Mark
Burnett published; kept beside this file, so that no password leaves the service to be looked up.
Rebuilt, where zxcvbn is installed, by

    python -c "from zxcvbn.frequency_lists import FREQUENCY_LISTS as f; print(*f['passwords'], \
sep='\\n')" | python -m services.identity.authentication.common_passwords
"""

import gzip
import sys
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).with_suffix(".txt.gz")

#: Shorter ones would be found in anything.
_SHORTEST: Final = 4


@lru_cache(maxsize=1)
def common_passwords() -> frozenset[str]:
    """All of them, without case. Read once."""
    return frozenset(gzip.decompress(_FILE.read_bytes()).decode().splitlines())


def write(passwords: Iterable[str]) -> None:
    """Keep these. The same ones make the same file."""
    kept = {each.strip().casefold() for each in passwords}
    text = "\n".join(sorted(each for each in kept if len(each) >= _SHORTEST))
    _FILE.write_bytes(gzip.compress(text.encode(), mtime=0))


if __name__ == "__main__":
    write(sys.stdin)
