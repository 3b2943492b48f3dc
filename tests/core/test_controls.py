"""The control: its number in each framework version, each with a source."""

import pytest

from rootsweep.core.controls import ROOT_ACCESS_KEY, Reference

BENCHMARK = [one for one in ROOT_ACCESS_KEY.references if one.framework == "CIS AWS Foundations"]


@pytest.mark.parametrize("reference", ROOT_ACCESS_KEY.references, ids=lambda one: f"{one.framework} {one.version}")
def test_every_reference_says_where_it_is_from(reference: Reference) -> None:
    assert reference.source
    assert reference.requirement


def test_no_version_is_named_twice() -> None:
    named = [(one.framework, one.version) for one in ROOT_ACCESS_KEY.references]
    assert len(named) == len(set(named))


def test_every_benchmark_version_has_it_at_level_1() -> None:
    assert {one.level for one in BENCHMARK} == {1}
    assert (BENCHMARK[0].version, BENCHMARK[-1].version) == ("1.0.0", "7.0.0")


def test_the_text_covers_both_procedures_and_what_a_deletion_means() -> None:
    assert "access_key_1_active" in ROOT_ACCESS_KEY.audit_by_report
    assert "AccountAccessKeysPresent" in ROOT_ACCESS_KEY.audit_by_command
    assert "cannot be recovered" in ROOT_ACCESS_KEY.remediation
