"""Access key ids: found in any text, and the account that each belongs to.

The prefixes are documented (IAM User Guide, "IAM identifiers", "Understanding unique ID prefixes"): ``AKIA`` is an access key,
``ASIA`` a temporary one. How the account is encoded is not documented by AWS; it is public research: base32 after the prefix,
the first bit tells the generation, the next 40 bits are the account id in ids of the new generation (WithSecure Labs, "A
bitwise analysis of AWS access key identifiers").
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import Final

from rootsweep.core.key_answer import AskedKey, KeyKind

_KEY_ID: Final = re.compile(r"(?:AKIA|ASIA)([A-Z2-7]{16})", re.ASCII)
_BASE32: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_BITS: Final = 80
_ACCOUNT_BITS: Final = 40
_ACCOUNTS: Final = 10**12
_KINDS: Final = {"AKIA": KeyKind.LONG_TERM, "ASIA": KeyKind.TEMPORARY}


def parse_access_key_id(text: str) -> AskedKey | None:
    """Return what an access key id itself says: its kind, and its account where it holds one; None for any other text."""
    if _KEY_ID.fullmatch(text) is None:
        return None
    return AskedKey(text, _KINDS[text[:4]], account_of_access_key(text))


def account_of_access_key(access_key_id: str) -> str | None:
    """Decode the 12-digit account id; None for an id of the old generation, which does not hold one, and for any other text."""
    match = _KEY_ID.fullmatch(access_key_id)
    if match is None:
        return None
    number = 0
    for character in match[1]:
        number = number * len(_BASE32) + _BASE32.index(character)
    is_new_generation = number >> (_BITS - 1) == 1
    account = (number >> (_BITS - 1 - _ACCOUNT_BITS)) % 2**_ACCOUNT_BITS
    return f"{account:012d}" if is_new_generation and account < _ACCOUNTS else None


# Access key ids in any text, such as a log or the output of a secret scanner; nothing else of the text is kept.
#
# An id is a word of its own: no letter or digit touches it. What stands before it may be the end of an escape that a log or a
# scanner wrote, such as ``\n`` in JSON, ``%3D`` in a URL or the colour codes of a terminal: such an end is no letter.

_KEY_ID_IN_TEXT: Final = re.compile(r"A[KS]IA[A-Z2-7]{16}(?![0-9A-Za-z])")
_LENGTH: Final = 20
_LETTER_OR_DIGIT: Final = re.compile(r"[0-9A-Za-z]\Z")
_ESCAPE: Final = re.compile(
    r"""(?:
        \\[abefnrtv0]                                                # of a string: \n
        | \\u[0-9A-Fa-f]{4} | \\x[0-9A-Fa-f]{2}                      # of JSON or a programming language: \u003d
        | %[0-9A-Fa-f]{2}                                            # of a URL: %3D
        | (?:\x1b | \\u001[bB] | \\x1[bB] | \\033 | \\e) \[ [0-9;]{0,16} m  # of a terminal's colours, raw or escaped
    )\Z""",
    re.VERBOSE,
)
_CONTEXT: Final = 24
"""How many characters before an id can tell whether it is a word of its own: the longest escape is 6 + 1 + 16 + 1."""

_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def find_access_key_ids(chunks: Iterable[bytes]) -> Iterator[str]:
    """Return each id once, in the order of first appearance, wherever the chunks are cut.

    The bytes may be anything; UTF-16 is known by its byte order mark, as Windows PowerShell writes it. Of the text no more is
    held than one chunk and a few characters.
    """
    found: set[str] = set()
    for key_id in _ids(_decoded(chunks)):
        if key_id not in found:
            found.add(key_id)
            yield key_id


def _decoded(chunks: Iterable[bytes]) -> Iterator[str]:
    """Decode as Latin-1, which gives every byte a character: an id is ASCII in whatever stands around it."""
    decoder: codecs.IncrementalDecoder | None = None
    start = b""
    for chunk in chunks:
        if decoder is not None:
            yield decoder.decode(chunk)
            continue
        start += chunk
        if len(start) >= len(_UTF_16[0]):
            decoder = _decoder_for(start)
            yield decoder.decode(start)
    if decoder is not None:
        yield decoder.decode(b"", final=True)


def _decoder_for(start: bytes) -> codecs.IncrementalDecoder:
    name = "utf-16" if start.startswith(_UTF_16) else "latin-1"
    return codecs.getincrementaldecoder(name)(errors="replace")


def _ids(texts: Iterable[str]) -> Iterator[str]:
    buffer, is_start = "", True
    for text in texts:
        buffer += text
        yield from _ids_in(buffer, is_start=is_start, is_end=False)
        if len(buffer) > _CONTEXT + _LENGTH:
            buffer, is_start = buffer[-_CONTEXT - _LENGTH :], False
    yield from _ids_in(buffer, is_start=is_start, is_end=True)


def _ids_in(buffer: str, *, is_start: bool, is_end: bool) -> Iterator[str]:
    """Find ids, but not where what stands before or after them is not in the buffer: the one before or the next has it."""
    first = 0 if is_start else _CONTEXT
    for match in _KEY_ID_IN_TEXT.finditer(buffer):
        is_cut = match.end() == len(buffer) and not is_end
        if match.start() >= first and not is_cut and _may_follow(buffer[max(0, match.start() - _CONTEXT) : match.start()]):
            yield match[0]


def _may_follow(before: str) -> bool:
    return _LETTER_OR_DIGIT.search(before) is None or _ESCAPE.search(before) is not None
