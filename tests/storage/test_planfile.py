"""The plan file: it comes back as it was written, satisfies its schema, and whatever is changed in it is refused."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rootsweep.core.removal.plan import ActionKind, Plan
from rootsweep.errors import UsageError
from rootsweep.storage.plan_file import digest_of, json_schema, read_plan, write_plan
from tests.json_schema import validate
from tests.storage.plans import KEY, MEMBER, PLAN, plans

# Whole plans are drawn, which takes its time on a busy machine.
UNHURRIED = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
IN_A_FOLDER = settings(UNHURRIED, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


def written(plan: Plan) -> str:
    stream = StringIO()
    write_plan(plan, stream)
    return stream.getvalue()


def document_of(plan: Plan) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(written(plan))
    return loaded


def schema() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((files("rootsweep.storage") / "rootsweep.plan-1.schema.json").read_text("utf-8"))
    return loaded


def signed(document: dict[str, Any]) -> str:
    """Give the text of a document with a digest that fits, as someone would who knows how it is made."""
    others = {name: value for name, value in document.items() if name != "digest"}
    text = json.dumps(others, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return json.dumps({**others, "digest": sha256(text.encode()).hexdigest()})


def refusal(path: Path, content: str | bytes) -> str:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(UsageError) as refused:
        read_plan(path)
    assert refused.value.advice
    return str(refused.value)


@IN_A_FOLDER
@given(plans())
def test_a_plan_comes_back(tmp_path: Path, plan: Plan) -> None:
    path = tmp_path / "plan.json"
    path.write_text(written(plan), encoding="utf-8")
    assert read_plan(path) == (plan, digest_of(plan))


@UNHURRIED
@given(plans())
def test_a_plan_satisfies_the_shipped_schema_and_is_ascii(plan: Plan) -> None:
    text = written(plan)
    assert text.isascii()
    validate(json.loads(text), schema())


def test_the_shipped_schema_is_what_the_contract_says() -> None:
    assert schema() == json_schema()


def test_the_schema_requires_every_key_and_allows_no_other() -> None:
    for name, entry in schema()["$defs"].items():
        if "properties" in entry:
            assert sorted(entry["required"]) == sorted(entry["properties"]), name
            assert entry["additionalProperties"] is False, name


def test_the_digest_is_that_of_the_canonical_json_without_itself() -> None:
    document = document_of(PLAN)
    assert document["digest"] == digest_of(PLAN) == json.loads(signed(document))["digest"]
    assert re.fullmatch(r"[0-9a-f]{64}", digest_of(PLAN))


def test_the_contract_is_the_one_that_its_version_names() -> None:
    """Whoever changes what is hashed here raises the version, so that no plan is carried out by a program that misreads it."""
    assert document_of(PLAN)["schema"] == "rootsweep.plan/1"
    assert digest_of(PLAN) == "861c93f3a792e3a6c8014e3353b11f25332990faa69fd526dd82790dab04ceff"


@UNHURRIED
@given(plans(), plans())
def test_equal_plans_have_equal_digests_and_no_others(one: Plan, other: Plan) -> None:
    assert digest_of(one) == digest_of(replace(one))
    assert (digest_of(one) == digest_of(other)) == (one == other)


def places_of_values() -> list[int]:
    """Give the place of every byte of every value in the text of the plan."""
    text = written(PLAN)
    values = re.finditer(r'"(?:[^"\\]|\\.)*"(?!\s*:)|(?<=: )[\w.-]+', text)
    return [place for value in values for place in range(value.start(), value.end())]


@IN_A_FOLDER
@given(st.sampled_from(places_of_values()), st.integers(0, 255))
def test_a_byte_that_is_changed_in_a_value_is_refused(tmp_path: Path, place: int, byte: int) -> None:
    content = bytearray(written(PLAN).encode())
    before = bytes(content)
    content[place] = byte
    changed = bytes(content) != before
    # The digits of an escape may be large or small: the value is the same.
    same_value = changed and _parsed(bytes(content)) == _parsed(before)
    path = tmp_path / "plan.json"
    path.write_bytes(content)
    if changed and not same_value:
        with pytest.raises(UsageError):
            read_plan(path)
    else:
        assert read_plan(path)[0] == PLAN


def _parsed(content: bytes) -> object:
    try:
        return json.loads(content)
    except ValueError:
        return None


def test_what_is_no_plan_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    for content in (
        "",
        "no json",
        "[]",
        '"plan"',
        '{"schema": "rootsweep.audit/1"}',
        '{"schema": 1}',
        b"\xff\xfe",
        "[" * 100000,
    ):
        assert refusal(path, content) == f"{path} is not a plan of rootsweep"


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot read the plan .*: No such file"):
        read_plan(tmp_path / "missing.json")
    with pytest.raises(UsageError, match=r"cannot read the plan .*: Is a directory"):
        read_plan(tmp_path)


def test_another_version_is_refused_before_its_digest_is_looked_at(tmp_path: Path) -> None:
    text = written(PLAN).replace("rootsweep.plan/1", "rootsweep.plan/2")
    assert "another version" in refusal(tmp_path / "plan.json", text)


@pytest.mark.parametrize("digest", [None, 1, "", "0" * 64])
def test_a_digest_that_does_not_fit_is_refused(tmp_path: Path, digest: object) -> None:
    assert "was changed" in refusal(tmp_path / "plan.json", json.dumps({**document_of(PLAN), "digest": digest}))


@pytest.mark.parametrize(
    "change",
    [
        {"further_guard": True},
        {"accounts": "45"},
        {"accounts": -1},
        {"expires_at": "2027-01-01T00:00:00Z"},
        {"created_at": "2026-11-24T12:30:15"},
        {"created_at": "9999-12-31T23:00:00Z"},
        {"guards": None},
        {"unread": "\ud800"},
    ],
)
def test_what_this_version_does_not_understand_is_refused_although_its_digest_fits(
    tmp_path: Path, change: dict[str, object]
) -> None:
    document = document_of(PLAN) | change
    try:
        text = signed(document)
    except UnicodeEncodeError:
        text = json.dumps(document)
    assert re.search("does not understand|not a plan", refusal(tmp_path / "plan.json", text))


def test_a_deletion_without_an_id_is_refused(tmp_path: Path) -> None:
    document = document_of(PLAN)
    deletion = next(action for action in document["actions"] if action["kind"] == ActionKind.DELETE_KEY)
    deletion["key"]["id"] = None
    assert "does not understand" in refusal(tmp_path / "plan.json", signed(document))


def test_a_last_use_that_contradicts_its_status_is_refused(tmp_path: Path) -> None:
    document = document_of(PLAN)
    document["actions"][1]["key"]["last_used_status"] = "never_recorded"
    assert "does not understand" in refusal(tmp_path / "plan.json", signed(document))


def test_half_of_a_surrogate_pair_in_a_name_is_escaped(tmp_path: Path) -> None:
    key = replace(KEY, account=replace(MEMBER, name="half \ud800"))
    plan = replace(PLAN, actions=(replace(PLAN.actions[1], key=key),))
    path = tmp_path / "plan.json"
    path.write_text(written(plan), encoding="utf-8")
    read, digest = read_plan(path)
    assert (read.actions[0].key.account.name, digest) == ("half \\ud800", digest_of(plan))


def test_spans_are_whole_seconds() -> None:
    document = document_of(PLAN)
    assert document["guards"]["min_idle_seconds"] == 90 * 86400
    assert datetime.fromisoformat(document["created_at"]) == PLAN.created_at.astimezone(UTC)
