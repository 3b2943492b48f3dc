"""What faults change in an answer that the server gave."""

import copy
from typing import Any, assert_never

from rootsweep_emulator.access.signature import unseal
from rootsweep_emulator.faults import Alteration, Endless, Omit, Path, Replace, SessionOf
from rootsweep_emulator.operations.call import Answer, Call, same_page_again
from rootsweep_emulator.operations.sts import session_in
from rootsweep_emulator.protocol.service import service


def altered(call: Call, answer: Answer, alterations: list[Alteration]) -> Answer:
    """Return the answer with these alterations, one after the other; the answer itself, which may be recorded, is unchanged."""
    if not alterations:
        return answer
    answer = copy.deepcopy(answer)
    for alteration in alterations:
        match alteration:
            case Omit(path):
                _omit(answer, path)
            case Replace(path, value):
                _replace(answer, path, copy.deepcopy(value))
            case SessionOf():
                _give_session_of(call, answer, alteration)
            case Endless(cycle):
                _give_token(call, answer, cycle)
            case unknown:
                assert_never(unknown)
    return answer


def _parent(answer: Answer, path: Path) -> Any:
    """Find what holds the last member of the path; None where the answer has no such thing."""
    found: Any = answer
    for step in path[:-1]:
        if not _has(found, step):
            return None
        found = found[step]
    return found


def _has(holder: Any, step: str | int) -> bool:
    if isinstance(step, int):
        return isinstance(holder, list) and -len(holder) <= step < len(holder)
    return isinstance(holder, dict) and step in holder


def _omit(answer: Answer, path: Path) -> None:
    holder = _parent(answer, path)
    if _has(holder, path[-1]):
        del holder[path[-1]]


def _replace(answer: Answer, path: Path, value: Any) -> None:
    holder = _parent(answer, path)
    if isinstance(holder, dict) or _has(holder, path[-1]):
        holder[path[-1]] = value


def _give_token(call: Call, answer: Answer, cycle: int) -> None:
    """Add the token that leads to the same page again, where the answer has none."""
    model = service(call.service).operation(call.operation)
    shape = None if model is None else model.output_shape
    members = {} if shape is None else shape.members
    if "NextToken" in members:
        answer.setdefault("NextToken", same_page_again(call, "NextToken", cycle))
    elif "Marker" in members:
        answer.setdefault("Marker", same_page_again(call, "Marker", cycle))
        answer["IsTruncated"] = True


def _give_session_of(call: Call, answer: Answer, other: SessionOf) -> None:
    """Put the other account's session in the place of the one that was opened."""
    if call.operation not in {"AssumeRole", "AssumeRoot"}:
        return
    opened = unseal(call.world.seed, answer["Credentials"]["SessionToken"])
    if opened is None:
        return
    its_answer = session_in(call, call.world.account(other.account), opened, is_old=other.old_key_id)
    answer["Credentials"] = its_answer["Credentials"]
    if "AssumedRoleUser" in its_answer and other.arn_tells:
        answer["AssumedRoleUser"] = its_answer["AssumedRoleUser"]
