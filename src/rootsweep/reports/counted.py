"""A number and what it counts."""


def counted(number: int, noun: str) -> str:
    """Write ``1 account`` or ``1,200 accounts``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
