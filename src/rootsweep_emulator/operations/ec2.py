"""DescribeRegions (EC2 API reference). Texts of errors are assumptions; their codes are documented."""

from fnmatch import fnmatchcase
from typing import Final

from rootsweep_emulator.errors import ServiceError
from rootsweep_emulator.operations.call import Answer, Call
from rootsweep_emulator.state.account import DNS_SUFFIX, REGIONS

_FILTERS: Final = {"endpoint": "Endpoint", "opt-in-status": "OptInStatus", "region-name": "RegionName"}
_PRECONDITION_FAILED: Final = 412


def describe_regions(call: Call) -> Answer:
    """List the Regions that the account has enabled, all with AllRegions, or those that are named."""
    if call.parameters.get("DryRun"):
        raise ServiceError(
            "DryRunOperation", "Request would have succeeded, but DryRun flag is set.", status=_PRECONDITION_FAILED
        )
    regions = _described(call)
    named = call.parameters.get("RegionNames")
    if named is not None:
        unknown = sorted(set(named) - {region["RegionName"] for region in regions})
        if unknown:
            raise ServiceError("InvalidParameterValue", f"Invalid region names: {', '.join(unknown)}")
        regions = [region for region in regions if region["RegionName"] in named]
    elif not call.parameters.get("AllRegions"):
        regions = [region for region in regions if region["OptInStatus"] != "not-opted-in"]
    for each in call.parameters.get("Filters", []):
        member = _FILTERS.get(each.get("Name", ""))
        if member is None:
            raise ServiceError("InvalidParameterValue", f"The filter '{each.get('Name', '')}' is invalid")
        regions = [region for region in regions if any(fnmatchcase(region[member], value) for value in each.get("Values", []))]
    return {"Regions": regions}


def _described(call: Call) -> list[dict[str, str]]:
    partition = call.account.partition
    return [
        {
            "RegionName": region.name,
            "Endpoint": f"ec2.{region.name}.{DNS_SUFFIX[partition]}",
            "OptInStatus": region.opt_in_status,
        }
        for region in REGIONS[partition]
    ]
