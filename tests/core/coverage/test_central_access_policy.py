"""The policy on the page of ``rootsweep central-access`` is valid, and allows every call that the command makes."""

import json
import re
from pathlib import Path
from typing import Any

import rootsweep.aws.central_access
from tests.core.coverage.policy_linter import check_words, lint_policy

PAGE = Path(__file__).parents[3] / "docs/commands/central-access.md"
READS = {"organizations:DescribeOrganization", "iam:ListOrganizationsFeatures"}


def documented_policy() -> dict[str, Any]:
    text = PAGE.read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text.split("```json\n", 1)[1].split("```", 1)[0])
    return document


def test_the_linters_find_nothing() -> None:
    assert lint_policy(documented_policy()) == []
    assert check_words(documented_policy()) == []


def test_every_call_is_allowed_and_nothing_else() -> None:
    asked = set(READS)
    for module in (rootsweep.aws.central_access, rootsweep.aws.central_access):
        asked |= set(re.findall(r'"((?:organizations|iam):\w+)"', Path(str(module.__file__)).read_text(encoding="utf-8")))
    actions = [statement["Action"] for statement in documented_policy()["Statement"]]
    assert {action for one in actions for action in ([one] if isinstance(one, str) else one)} == asked
