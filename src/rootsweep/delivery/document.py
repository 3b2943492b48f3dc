"""The news as JSON: the contract of a run, or of an account, with what has changed."""

import hashlib
from datetime import datetime
from typing import Any, Literal

import msgspec

from rootsweep.delivery.news import News, NewsItem
from rootsweep.reports import contract
from rootsweep.reports.formats.json_contract import account_of, audit_of

Kind = Literal["new", "reappeared", "lost_sight_of", "fixed", "listed"]


class ChangeEntry(msgspec.Struct, frozen=True):
    """What has become of an account; those that were lost sight of may have no row under ``accounts``."""

    account_id: str
    name: str | None
    change: Kind


class NewsDocument(contract.Audit, frozen=True):
    """A run by the contract ``rootsweep.audit/1``, with the rows of the accounts that are told of alone, and the changes."""

    previous_run_at: datetime | None
    changes: list[ChangeEntry]


def news_document(news: News) -> bytes:
    """Give the news as JSON."""
    audit = audit_of(news.run, [item.finding for item in news.items if item.finding is not None])
    members: dict[str, Any] = {name: getattr(audit, name) for name in audit.__struct_fields__}
    changes = [ChangeEntry(item.account.id, item.account.name, item.kind.value) for item in news.items]
    return msgspec.json.encode(NewsDocument(**members, previous_run_at=news.previous_run_at, changes=changes))


def run_document(news: News) -> bytes:
    """Give the whole run as JSON by the contract."""
    return msgspec.json.encode(audit_of(news.run, news.run.findings))


def account_document(item: NewsItem) -> bytes:
    """Give the account by the contract, with ``change`` beside; id and name alone where the run has no row of it."""
    known: dict[str, Any] = {"account_id": item.account.id, "name": item.account.name}
    row = known if item.finding is None else msgspec.to_builtins(account_of(item.finding))
    return msgspec.json.encode({"change": item.kind.value, **row})


def content_key(news: News) -> str:
    """Name what the news says, and not when it was looked at: equal for equal news since the same previous run."""
    scope = news.run.scope
    told = [
        (
            item.kind.value,
            item.account.id,
            None
            if item.finding is None
            else (
                item.finding.verdict,
                item.finding.severity,
                list(item.finding.reason_codes),
                [(key.id, key.slot, key.status) for key in item.finding.keys],
                item.finding.exception is not None,
            ),
        )
        for item in sorted(news.items, key=lambda one: one.account.id)
    ]
    since = news.previous_run_at
    content = (scope.kind, scope.partition, scope.organization_id, scope.complete, since, told)
    return hashlib.sha256(msgspec.json.encode(content)).hexdigest()
