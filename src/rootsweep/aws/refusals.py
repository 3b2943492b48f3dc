"""From an error that AWS answered to a refusal."""

from datetime import timedelta
from typing import Any, Final

from botocore.exceptions import ClientError

from rootsweep.aws.answers import Refusal
from rootsweep.aws.denials import refusal_of_denial
from rootsweep.aws.error_table import DENIALS, FAILURE, MEANINGS, NOT_AWS, SIGNATURES, WRONG_SECRET, Meaning
from rootsweep.aws.paging import BrokenListError
from rootsweep.aws.session import Session
from rootsweep.model.evidence import Origin, UnavailableReason

_ALLOWED_SKEW: Final = timedelta(minutes=5)
"""How far a signature's time may be off (IAM User Guide, "Create a signed AWS API request")."""

_FIRST_SERVER_FAULT: Final = 500


def refusal_of_client_error(error: ClientError, origin: Origin, session: Session) -> Refusal:
    """Tell what an error answer means."""
    response: Any = error.response
    code = str(response.get("Error", {}).get("Code", ""))
    text = str(response.get("Error", {}).get("Message", ""))
    status = int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    name = code.removesuffix("Exception")
    if name in DENIALS:
        return refusal_of_denial(text, code, origin)
    if name in SIGNATURES:
        date_header = response.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
        return refuse(_signature_meaning(session, date_header), origin, session, code)
    is_aws = origin.request_id is not None and not code.isdigit()
    if not is_aws and status < _FIRST_SERVER_FAULT:
        return refuse(NOT_AWS, origin, session)
    return refuse(MEANINGS.get(name, FAILURE), origin, session, code)


def refuse(meaning: Meaning, origin: Origin, session: Session, code: str | None = None) -> Refusal:
    """Put a meaning in words about one call."""
    fields = {
        "call": origin.api_call,
        "region": session.region,
        "profile": f" --profile {session.profile}" if session.profile else "",
    }
    return Refusal(meaning.reason, meaning.problem.format_map(fields), meaning.advice.format_map(fields), origin, code)


def unusable_answer(origin: Origin, problem: str) -> Refusal:
    """Tell that an answer came that cannot be used."""
    return Refusal(
        UnavailableReason.UNUSABLE_ANSWER,
        f"the answer to {origin.api_call} cannot be used: {problem}",
        "audit again; if it stays, report it to rootsweep with the request id",
        origin,
    )


def refusal_of_broken_list(error: BrokenListError, origin: Origin) -> Refusal:
    """Tell that a list was broken off."""
    problem = f"the list of {origin.api_call} was broken off: {error.problem}"
    if error.reason is UnavailableReason.TIMED_OUT:
        return Refusal(error.reason, problem, "audit again when the network is quicker", origin)
    return Refusal(error.reason, problem, "audit again, and check what stands between this machine and AWS", origin)


def unreadable_entries(origin: Origin, count: int) -> Refusal:
    """Tell that entries of a list could not be read, so that the list is not whole."""
    entries = "an entry" if count == 1 else f"{count} entries"
    return Refusal(
        UnavailableReason.UNUSABLE_ANSWER,
        f"{entries} of {origin.api_call} could not be read",
        "audit again, and check what stands between this machine and AWS",
        origin,
    )


def _signature_meaning(session: Session, date_header: str | None) -> Meaning:
    """Tell a clock that is off from a secret that is wrong: by the Date of the very answer that refuses, however far it is."""
    ahead = session.clock.ahead_by(date_header) or timedelta()
    if abs(ahead) <= _ALLOWED_SKEW:
        return WRONG_SECRET
    minutes = round(abs(ahead) / timedelta(minutes=1))
    direction = "behind" if ahead > timedelta() else "ahead of"
    problem = f"the clock of this machine is {minutes} minutes {direction} AWS's, which refuses what is signed at such a time"
    return Meaning(UnavailableReason.CLOCK_OFF, problem, "set the clock")
