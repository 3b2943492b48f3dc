"""The one call of AWS CloudTrail (CloudTrail API reference).

LookupEvents gives the management events of 90 days of the Region that is asked, newest first, at most 50 a page; data events
are not among them. It may be called twice a second in an account and Region.
"""

import json
from datetime import datetime
from typing import Final

from rootsweep.aws.call import Response, ask
from rootsweep.aws.paging import Page
from rootsweep.aws.session import AccountAccess, Session
from rootsweep.core.answer import Answer, Refusal
from rootsweep.core.removal.quarantine import RecordedCall

SECONDS_BETWEEN_LOOKUPS: Final = 0.5
"""CloudTrail API reference, LookupEvents: "limited to two per second, per account, per Region"."""


def lookup_events(
    session: Session, access: AccountAccess, access_key_id: str, since: datetime | None, token: str | None
) -> Answer[Page[RecordedCall]] | Refusal:
    """Ask for a page of the events of an access key in the Region of ``access``, from ``since`` on (LookupEvents)."""
    window = {} if since is None else {"StartTime": since}
    page = {} if token is None else {"NextToken": token}
    return ask(
        session,
        access,
        "cloudtrail:LookupEvents",
        lambda cloudtrail: cloudtrail.lookup_events(
            LookupAttributes=[{"AttributeKey": "AccessKeyId", "AttributeValue": access_key_id}], **window, **page
        ),
        lambda response: Page(
            tuple(_call(event, access.region) for event in response["Events"]), response.get("NextToken") or None
        ),
    )


def _call(event: Response, region: str) -> RecordedCall:
    """Read an event; the document that it carries has what its other members lack.

    CloudTrail User Guide, "CloudTrail record contents".
    """
    document = json.loads(event["CloudTrailEvent"])
    return RecordedCall(
        event["EventTime"],
        str(document.get("awsRegion") or region),
        str(event["EventSource"]),
        str(event["EventName"]),
        document.get("errorCode"),
        document.get("sourceIPAddress"),
    )


# The one call of Amazon EC2 (EC2 API reference).


def describe_regions(session: Session, access: AccountAccess) -> Answer[tuple[str, ...]] | Refusal:
    """Ask for the Regions that are enabled in the account, by name, in order (DescribeRegions)."""
    return ask(
        session,
        access,
        "ec2:DescribeRegions",
        lambda ec2: ec2.describe_regions(),
        lambda response: tuple(sorted(region["RegionName"] for region in response["Regions"])),
    )
