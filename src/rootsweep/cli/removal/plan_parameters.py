"""Types of option values that bound a plan: a share of the accounts, the id of an access key."""

import re
from typing import Final

import click

from rootsweep.documents.access_key_id import parse_access_key_id
from rootsweep.model.key_answer import KeyKind

_PERCENTAGE: Final = re.compile(r"(\d{1,3}(?:\.\d{1,4})?) ?%", re.ASCII)
_WHOLE: Final = 100


class Share(click.ParamType[float]):
    """A percentage above 0% and up to 100%: ``10%``, ``2.5%``."""

    name = "share"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Turn the text into a number above 0 and up to 1."""
        if isinstance(value, float):
            return value
        match = _PERCENTAGE.fullmatch(str(value).strip())
        if match is None or not 0 < float(match[1]) <= _WHOLE:
            self.fail(f"{value!r} is not a share of the accounts; write a percentage, such as 10%", param, ctx)
        return float(match[1]) / _WHOLE


class LongTermKeyId(click.ParamType[str]):
    """The id of a long-term access key."""

    name = "access key id"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Take the text as it is, if it can be the id of a long-term access key."""
        text = str(value).strip()
        key = parse_access_key_id(text)
        if key is None or key.kind is not KeyKind.LONG_TERM:
            self.fail(f"{value!r} is not the id of an access key; write AKIA and the 16 characters after it", param, ctx)
        return text
