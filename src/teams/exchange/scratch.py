"""A file made on disk and sent in parts: what it weighs is never in memory."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PART = 1 << 16


@dataclass(frozen=True)
class Scratch:
    folder: str

    @property
    def path(self) -> str:
        return str(Path(self.folder) / "bestand")

    def parts(self) -> AsyncIterator[bytes]:
        """Opened here, so that the bytes stay when the folder goes."""
        stream = Path(self.path).open("rb")  # noqa: SIM115 - closed by who reads it

        async def read() -> AsyncIterator[bytes]:
            with stream:
                while part := stream.read(PART):
                    yield part

        return read()


@contextmanager
def scratch() -> Iterator[Scratch]:
    """A folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="teams-uit-") as folder:
        yield Scratch(folder)
