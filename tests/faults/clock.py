"""The wall clock of a function, moved while it runs: ahead, behind, or past what would otherwise be waited for."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from local.errors import LocalError

_SOURCE = Path(__file__).with_name("clock.c")


@dataclass(frozen=True)
class MovedClock:
    """What the variables of a function need, and the file that its clock goes by."""

    library: Path
    file: Path

    @classmethod
    def in_folder(cls, folder: Path) -> "MovedClock":
        library, file = folder / "clock.so", folder / "clock"
        done = subprocess.run(
            ["cc", "-shared", "-fPIC", "-O2", "-Wall", "-Werror", "-o", library, _SOURCE],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise LocalError(f"the C compiler does not take {_SOURCE.name}:\n{done.stderr}")
        moved = cls(library, file)
        moved.set_ahead(0)
        return moved

    @property
    def variables(self) -> dict[str, str]:
        return {"LD_PRELOAD": str(self.library), "MOVED_CLOCK_FILE": str(self.file)}

    def set_ahead(self, seconds: int) -> None:
        """Negative is behind."""
        self._write(f"+{seconds}")

    def stop_at(self, moment: int) -> None:
        """Stands still at a second since the epoch, so that nothing depends on how quick the machine is."""
        self._write(f"@{moment}")

    def _write(self, text: str) -> None:
        # In one step: a reader must not find the file empty.
        new = self.file.with_suffix(".new")
        new.write_text(text)
        new.replace(self.file)
