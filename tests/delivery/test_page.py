"""What docs/delivery.md shows holds."""

import json
import re
from pathlib import Path
from typing import Any

from rootsweep.delivery.changes import ChangeKind
from rootsweep.delivery.eventbridge import DETAIL_TYPE, SOURCE
from tests.core.coverage.policy_linter import check_words, lint_policy
from tests.markdown_page import MarkdownPage

PATH = Path(__file__).parents[2] / "docs" / "delivery.md"
PAGE = MarkdownPage.read(PATH)


def documents() -> list[Any]:
    return [json.loads(text) for text in re.findall(r"```json\n(.*?)```", PATH.read_text(encoding="utf-8"), re.DOTALL)]


def test_the_policy_is_one_that_aws_takes() -> None:
    (policy,) = [document for document in documents() if "Statement" in document]
    assert lint_policy(policy) == []
    assert check_words(policy) == []


def test_the_rule_matches_what_is_sent() -> None:
    (rule,) = [document for document in documents() if "source" in document]
    assert (rule["source"], rule["detail-type"]) == ([SOURCE], [DETAIL_TYPE])


def test_every_kind_of_news_is_explained() -> None:
    assert [cell.strip("`") for cell in PAGE.table_column("word")] == [
        ChangeKind.NEW,
        ChangeKind.REAPPEARED,
        ChangeKind.LOST_SIGHT_OF,
        ChangeKind.FIXED,
        ChangeKind.LISTED,
    ]
