"""A file that appears whole or not at all: written beside its place and renamed."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from rootsweep.errors import OutputError


@contextmanager
def written_whole(path: Path) -> Iterator[TextIO]:
    """Return a stream of UTF-8 whose text becomes the file at its end; a failure leaves the old file as it was.

    What is no file, such as a device or a named pipe, is written as it is. Raises ``OutputError`` when it cannot be written.
    """
    unfinished: str | None = None
    try:
        if path.exists() and not path.is_file():
            with path.open("w", encoding="utf-8") as stream:
                yield stream
            return
        handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        Path(unfinished).chmod(_usual_mode(path))
        Path(unfinished).replace(path)
        unfinished = None
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}", "choose a path that can be written") from error
    finally:
        if unfinished is not None:
            with suppress(OSError):
                Path(unfinished).unlink()


def _usual_mode(path: Path) -> int:
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
