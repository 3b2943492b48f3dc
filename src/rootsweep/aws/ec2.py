"""The one call of Amazon EC2 (EC2 API reference)."""

from rootsweep.aws.access import AccountAccess
from rootsweep.aws.answers import Answer, Refusal
from rootsweep.aws.call import ask
from rootsweep.aws.session import Session


def describe_regions(session: Session, access: AccountAccess) -> Answer[tuple[str, ...]] | Refusal:
    """Ask for the Regions that are enabled in the account, by name, in order (DescribeRegions)."""
    return ask(
        session,
        access,
        "ec2:DescribeRegions",
        lambda ec2: ec2.describe_regions(),
        lambda response: tuple(sorted(region["RegionName"] for region in response["Regions"])),
    )
