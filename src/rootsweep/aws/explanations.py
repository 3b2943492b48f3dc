"""Errors that mean something of their own in one service."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from rootsweep.aws.answers import Answer, Refusal

T = TypeVar("T")


def explained(outcome: Answer[T] | Refusal, words: Mapping[str, tuple[str, str]]) -> Answer[T] | Refusal:
    """Give a refusal the problem (``{call}`` is the operation) and the advice that the service's words have for its code."""
    if not isinstance(outcome, Refusal) or outcome.error_code is None:
        return outcome
    known = words.get(outcome.error_code.removesuffix("Exception"))
    return (
        outcome if known is None else replace(outcome, problem=known[0].format(call=outcome.origin.api_call), advice=known[1])
    )
