"""What to do with standard output once it has failed."""

import os
from contextlib import suppress
from typing import TextIO


def discard_the_rest(stream: TextIO) -> None:
    """Send what is still buffered nowhere, so that Python does not fail on it again when it exits."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
