"""The control in each framework: how people name a version, and which one is meant."""

import pytest

from rootsweep.core.controls import DEFAULT_REFERENCE, ROOT_ACCESS_KEY, describe_control, find_reference


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("CIS AWS Foundations 3.0", "CIS AWS Foundations 3.0.0"),
        ("cis aws foundations 4", "CIS AWS Foundations 4.0.1"),
        ("CIS AWS Foundations", "CIS AWS Foundations 7.0.0"),
        ("cis-5.0", "CIS AWS Foundations 5.0.0"),
        ("cis", "CIS AWS Foundations 7.0.0"),
        ("CIS 1.4", "CIS AWS Foundations 1.4.0"),
        ("1.4", "CIS AWS Foundations 1.4.0"),
        ("7", "CIS AWS Foundations 7.0.0"),
        ("1", "CIS AWS Foundations 1.5.0"),
        ("NIST SP 800-53 r5", "NIST SP 800-53 r5"),
        ("nist", "NIST SP 800-53 r5"),
        ("pci-dss-4.0", "PCI DSS 4.0"),
        ("PCI 3", "PCI DSS 3.2.1"),
        ("fsbp", "AWS Foundational Security Best Practices 1.0.0"),
    ],
)
def test_a_framework_is_found_as_people_write_it(text: str, meant: str) -> None:
    found = find_reference(text)
    assert found is not None
    assert f"{found.framework} {found.version}" == meant


@pytest.mark.parametrize("text", ["", " ", "cis 9", "8", "iso 27001", "foundations 3.0", "1.4.0.1", "nist 9"])
def test_another_is_not(text: str) -> None:
    assert find_reference(text) is None


def test_each_is_found_by_its_whole_name() -> None:
    for one in ROOT_ACCESS_KEY.references:
        assert find_reference(f"{one.framework} {one.version}") is one


def test_the_series_of_numbers_is_that_of_the_references() -> None:
    numbers = {one.version: one.requirement for one in ROOT_ACCESS_KEY.references if one.framework == "CIS AWS Foundations"}
    assert describe_control(DEFAULT_REFERENCE) == "1.4 in CIS 1.3 to 4.0.1, 1.3 in 5.0, 2.3 in 6.0, 2.4 in 7.0"
    assert [version for version, number in numbers.items() if number == "1.4"] == [
        *("1.3.0", "1.4.0", "1.5.0", "2.0.0", "3.0.0", "4.0.0", "4.0.1"),
    ]
    assert (numbers["5.0.0"], numbers["6.0.0"], numbers["7.0.0"]) == ("1.3", "2.3", "2.4")


def test_another_framework_is_named_alone() -> None:
    found = find_reference("fsbp")
    assert found is not None
    assert describe_control(found) == "AWS Foundational Security Best Practices 1.0.0, IAM.4"
