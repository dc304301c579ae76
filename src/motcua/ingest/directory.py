"""The data directory of file mode: who may write, and how everything of one import appears at once or not at all.

An import is prepared in a staging folder; renaming that folder to ``.commit`` is the one moment at which it counts.
Moving its files to their places afterwards can be repeated, so a killed import is either absent or finished by
whoever opens the directory next.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from motcua.kernel.errors import UserError

_STAGING = ".staging-"
_COMMIT = ".commit"
_LOCK = ".lock"
LOG = "log.jsonl"


@dataclass(frozen=True, slots=True)
class DataDirectory:
    """Where ``motcua import`` keeps what it was given and what follows from it (docs/dev/seams.md, section 1)."""

    root: Path

    @property
    def log(self) -> Path:
        """The event log's spine."""
        return self.root / LOG

    @property
    def raw(self) -> Path:
        """The files as received, named by their content."""
        return self.root / "raw"

    @property
    def events(self) -> Path:
        """The segments of the log."""
        return self.root / "events"

    @property
    def tables(self) -> Path:
        """The latest state folded from the events; safe to delete."""
        return self.root / "tables"

    @property
    def reports(self) -> Path:
        """The import reports."""
        return self.root / "reports"

    def exists(self) -> bool:
        """Tell whether something was imported here, or an interrupted import waits to be finished."""
        return self.log.is_file() or (self.root / _COMMIT).is_dir()

    @contextlib.contextmanager
    def writing(self, *, wait_seconds: float = 60) -> Iterator[None]:
        """Hold the directory for writing; another writer is waited for, then told about.

        An interrupted import is finished or cleared first. The lock ends with the process, however it ends.

        Raises:
            UserError: another import did not end in time, or the folder cannot be written.
        """
        give_up = time.monotonic() + wait_seconds
        descriptor = self._locked(give_up=give_up)
        try:
            self._recover()
            yield
        finally:
            self._leave_no_empty_folder()
            os.close(descriptor)

    def _locked(self, *, give_up: float) -> int:
        """Return the descriptor that holds the lock."""
        while True:
            try:
                self.root.mkdir(parents=True, exist_ok=True)
                descriptor = os.open(self.root / _LOCK, os.O_RDWR | os.O_CREAT, 0o644)
            except OSError as error:
                raise _cannot_write(error, where=str(self.root)) from error
            try:
                _wait_for(descriptor, give_up=give_up, where=str(self.root))
                # The one before us may have removed an empty folder with the lock in it: then ours locks nothing.
                if os.fstat(descriptor).st_nlink:
                    return descriptor
            except BaseException:
                os.close(descriptor)
                raise
            os.close(descriptor)

    def _recover(self) -> None:
        for left in self.root.glob(_STAGING + "*"):
            shutil.rmtree(left, ignore_errors=True)
        if (self.root / _COMMIT).is_dir():
            self._place()

    def _leave_no_empty_folder(self) -> None:
        if {entry.name for entry in self.root.iterdir()} == {_LOCK}:
            with contextlib.suppress(OSError):
                (self.root / _LOCK).unlink()
                self.root.rmdir()

    @contextlib.contextmanager
    def inbox(self) -> Iterator[Path]:
        """Give a folder for files just received; what is still there at the end goes.

        Only inside ``writing``.

        Raises:
            UserError: the folder cannot be made.
        """
        box = self._new_folder()
        try:
            yield box
        finally:
            shutil.rmtree(box, ignore_errors=True)

    def _new_folder(self) -> Path:
        try:
            return Path(tempfile.mkdtemp(prefix=_STAGING, dir=self.root))
        except OSError as error:
            raise _cannot_write(error, where=str(self.root)) from error

    @contextlib.contextmanager
    def staging(self) -> Iterator[Path]:
        """Give a folder shaped like the directory; on a normal end its files take their places, on an error none does.

        Only inside ``writing``.
        """
        stage = self._new_folder()
        try:
            yield stage
            for file in stage.rglob("*"):
                if file.is_file():
                    _flush(file)
            stage.rename(self.root / _COMMIT)
            _flush(self.root)
            self._place()
        finally:
            shutil.rmtree(stage, ignore_errors=True)

    def _place(self) -> None:
        """Move the files of a commit to their places, the log last: it names the others."""
        commit = self.root / _COMMIT
        files = [file for file in commit.rglob("*") if file.is_file()]
        for file in sorted(files, key=lambda file: file.name == LOG):
            target = self.root / file.relative_to(commit)
            target.parent.mkdir(parents=True, exist_ok=True)
            file.replace(target)
        shutil.rmtree(commit)


def _cannot_write(error: OSError, *, where: str) -> UserError:
    return UserError(
        f"Không ghi được vào thư mục dữ liệu ({error.strerror}).",
        remedy="Hãy kiểm tra quyền ghi và dung lượng đĩa, hoặc chọn thư mục khác.",
        where=where,
    )


def _wait_for(descriptor: int, *, give_up: float, where: str) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= give_up:
                raise UserError(
                    "Một lần nhập khác đang ghi vào thư mục này.",
                    remedy="Hãy chờ lần nhập đó xong rồi chạy lại lệnh; chưa có gì được ghi.",
                    where=where,
                ) from None
            time.sleep(0.05)
        else:
            return


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
