"""One call: made, timed by AWS's clock, and turned into an answer or a refusal; refusals of a service, explained."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from rootsweep.aws.credentials import signing_with
from rootsweep.aws.error_codes import NOT_AWS
from rootsweep.aws.log import log_call
from rootsweep.aws.pacing import seconds_left
from rootsweep.aws.paging import BrokenListError
from rootsweep.aws.refusals import (
    refusal_of_broken_list,
    refusal_of_client_error,
    refusal_of_sdk_error,
    refuse,
    unusable_answer,
)
from rootsweep.aws.session import AccountAccess, Session
from rootsweep.aws.tries import following_tries
from rootsweep.core.answer import Answer, Refusal
from rootsweep.core.evidence import Origin, UnavailableReason
from rootsweep.errors import InputRefusedError

T = TypeVar("T")
Response = dict[str, Any]

_THROTTLED_PAUSE: Final = 2.0
_UNUSABLE_PAUSE: Final = 1.0
_UNUSABLE_TRIES: Final = 4

_WHAT_PARSERS_RAISE: Final = (LookupError, TypeError, ValueError, AttributeError)
"""What botocore's parsers let through when an answer is well-formed but of another kind, such as a web page in XHTML."""


def ask(
    session: Session,
    access: AccountAccess,
    operation: str,
    send: Callable[[Any], Response],
    read: Callable[[Response], T],
) -> Answer[T] | Refusal:
    """Make one call; nothing that AWS, the network or the credentials can do is raised.

    A call that AWS still throttles after all tries of the SDK is made again while the account's deadline allows. A refusal says
    whether AWS may have acted on any of the tries.

    ``operation`` is written as IAM actions are (``iam:GetAccountSummary``); ``send`` is given the service's client, ``read``
    its response. For a response that it cannot use ``read`` may raise ``InputRefusedError``, ``LookupError``, ``TypeError`` or
    ``ValueError``.
    """
    with following_tries() as tries:
        while True:
            began = time.monotonic()
            outcome = _ask_once(session, access, operation, send, read)
            log_call(operation, access, outcome, tries, time.monotonic() - began)
            if not isinstance(outcome, Refusal):
                return outcome
            left = seconds_left()
            if outcome.reason is not UnavailableReason.THROTTLED or left is None or left < _THROTTLED_PAUSE:
                return replace(outcome, may_have_acted=tries.may_have_acted)
            time.sleep(_THROTTLED_PAUSE)


def until_usable(
    make: Callable[[], Answer[T] | Refusal], is_complete: Callable[[T], bool] = lambda _: True
) -> Answer[T] | Refusal:
    """Make a call that only reads again while its answer cannot be used, four times at most; the last outcome counts.

    ``is_complete`` tells whether an answer that was read holds all that it should. No further try begins after the deadline.
    """
    for _ in range(_UNUSABLE_TRIES - 1):
        outcome = make()
        is_usable = (
            outcome.reason is not UnavailableReason.UNUSABLE_ANSWER
            if isinstance(outcome, Refusal)
            else is_complete(outcome.value)
        )
        left = seconds_left()
        if is_usable or (left is not None and left < _UNUSABLE_PAUSE):
            return outcome
        time.sleep(_UNUSABLE_PAUSE)
    return make()


def _ask_once(
    session: Session,
    access: AccountAccess,
    operation: str,
    send: Callable[[Any], Response],
    read: Callable[[Response], T],
) -> Answer[T] | Refusal:
    service = operation.partition(":")[0]
    try:
        with signing_with(access.credentials), session.limiter(service):
            response = send(session.client(service, access.region))
    except ClientError as error:
        response = _answered(error)
        return refusal_of_client_error(error, _origin(session, access, operation, response), session)
    except (BotoCoreError, ResponseParserError) as error:
        return refusal_of_sdk_error(error, Origin(access.access, session.clock.now(), operation), session)
    except BrokenListError as error:
        return refusal_of_broken_list(error, Origin(access.access, session.clock.now(), operation))
    except _WHAT_PARSERS_RAISE:
        return refuse(NOT_AWS, Origin(access.access, session.clock.now(), operation), session)
    origin = _origin(session, access, operation, response)
    try:
        return Answer(read(response), origin)
    except (InputRefusedError, LookupError, TypeError, ValueError) as error:
        return unusable_answer(origin, str(error) if isinstance(error, InputRefusedError) else "it lacks what it should hold")


def _answered(error: ClientError) -> Response:
    response: Any = error.response
    return dict(response)


def _origin(session: Session, access: AccountAccess, operation: str, response: Mapping[str, Any]) -> Origin:
    metadata = response.get("ResponseMetadata", {})
    at = session.clock.observe(metadata.get("HTTPHeaders", {}).get("date"))
    return Origin(access.access, at, operation, metadata.get("RequestId"))


# Errors that mean something of their own in one service.


def explained(outcome: Answer[T] | Refusal, words: Mapping[str, tuple[str, str]]) -> Answer[T] | Refusal:
    """Return a refusal with the problem (``{call}`` is the operation) and the advice that the service's words give its code."""
    if not isinstance(outcome, Refusal) or outcome.error_code is None:
        return outcome
    known = words.get(outcome.error_code.removesuffix("Exception"))
    return (
        outcome if known is None else replace(outcome, problem=known[0].format(call=outcome.origin.api_call), advice=known[1])
    )
