"""Text from outside as a standard's string: in one line, printable, no longer than is allowed."""

from rootsweep.reports.plain_text import printable

_ELLIPSIS = "\u2026"


def one_line(text: str, limit: int | None = None) -> str:
    """Join lines and runs of blanks by one blank, escape what a terminal would act on, and cut beyond ``limit`` characters."""
    line = printable(" ".join(text.split()))
    if limit is None or len(line) <= limit:
        return line
    return f"{line[: limit - len(_ELLIPSIS)].rstrip()}{_ELLIPSIS}"
