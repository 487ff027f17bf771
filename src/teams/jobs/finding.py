"""What `teams check` looked at, and how to mend it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `mend`: what to do; empty when it is good."""

    what: str
    mend: str = ""

    @property
    def good(self) -> bool:
        return not self.mend

    def __str__(self) -> str:
        return f"goed: {self.what}" if self.good else f"FOUT: {self.what}\n      {self.mend}"
