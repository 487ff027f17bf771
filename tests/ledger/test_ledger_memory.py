"""The standalone file needs the same memory for ten times the log: it reads bundle after bundle and forgets them."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.ledger.lab import Lab

from teams.ledger import verifier

# The peak of this very process: that of a child may hold what its parent used before it became another program.
_PEAK = """
import runpy, sys
del sys.argv[0]
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
except SystemExit as end:
    assert not end.code, end.code
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def peak(folder: Path, vkey: Path) -> int:
    """Bytes at most in use while this export was verified."""
    words = [sys.executable, "-c", _PEAK, verifier.__file__, "export", str(folder), "--vkey", str(vkey)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return 1024 * int(done.stdout.split()[-1])


@pytest.mark.parametrize("leaves", [1_000, pytest.param(10_000, marks=pytest.mark.long)])
def test_ten_times_the_log_takes_no_more_memory(tmp_path: Path, leaves: int) -> None:
    peaks, sizes = [], []
    lab = Lab()
    for number, name in ((leaves, "a"), (9 * leaves, "b")):
        folder = lab.grow(number).export(tmp_path / name)
        sizes.append(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()))
        peaks.append(peak(folder, tmp_path / "vkey"))
    assert peaks[1] - peaks[0] < (sizes[1] - sizes[0]) / 5, (peaks, sizes)
    assert peaks[1] < 1.1 * peaks[0], (peaks, sizes)
