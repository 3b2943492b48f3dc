"""A run in which every text from outside is as long and as hostile as it may be."""

from dataclasses import replace
from datetime import timedelta

from rootsweep.core.evidence import Access, KeyStatus, NoLastUse, Observed, Origin, RootAccessKeys
from rootsweep.core.finding import GrantedException, KeyRow, Message
from rootsweep.core.organization import Scope, ScopeKind
from rootsweep.core.run import RejectedInput
from tests.reports.example_runs import ACTIVE, CREATED, DENIED, EMPTY_2, NOW, finding, member, report, run

HOSTILE = "\x1b[31m\u202e\r\n\ttext\x00 本番 \ud800 " + "long words without an end " * 400
MANY_PIECES = tuple(
    Observed(RootAccessKeys(()), Origin(Access.FILES, NOW, path=f"reports/{HOSTILE}/{number}.csv", line=number))
    for number in range(60)
)
MANY_KEYS = tuple(
    KeyRow(f"AKIA{number:016}", None, KeyStatus.UNKNOWN if number % 2 else KeyStatus.ACTIVE, CREATED, None, NoLastUse.UNKNOWN)
    for number in range(40)
)
EXCEPTED = replace(
    member(finding("222233334444", report(ACTIVE, EMPTY_2), DENIED, name=HOSTILE), f"o-a1b2c3d4e5/r-ab12/{'ou-ab12-1/' * 300}"),
    exception=GrantedException(HOSTILE, HOSTILE, HOSTILE, NOW + timedelta(days=1)),
    evidence=MANY_PIECES,
    keys=MANY_KEYS,
    reasons=(Message("active_root_key", HOSTILE), Message("sources_disagree", HOSTILE)),
    warnings=(Message("source_unavailable", HOSTILE),),
    next_step=HOSTILE,
)
LONG = replace(
    run(EXCEPTED, rejected=(RejectedInput(HOSTILE, 3, HOSTILE),), complete=False),
    scope=Scope(ScopeKind.ORGANIZATION, "aws", "o-a1b2c3d4e5", complete=False, incomplete_because=HOSTILE),
)
BLANK = run(
    replace(
        finding("222233334444", report(ACTIVE, EMPTY_2), name=" \t"),
        exception=GrantedException(" ", "\n", "", NOW + timedelta(days=1)),
    )
)
