"""ListTagsForResource, TagResource, UntagResource: of accounts, units, the root and policies (Organizations API reference)."""

from typing import Final

from rootsweep.emulator.errors import ServiceError
from rootsweep.emulator.operations.call import Answer, Call
from rootsweep.emulator.operations.organizations_scope import account_of, administered
from rootsweep.emulator.operations.organizations_targets import target_not_found
from rootsweep.emulator.state.organization import Organization

Tags = tuple[tuple[str, str], ...]

_MOST_TAGS: Final = 50
"""Organizations User Guide, "Tagging": the most tags of a resource."""


def list_tags_for_resource(call: Call) -> Answer:
    """List the tags of a resource."""
    tags = _tags(call, administered(call))
    return {"Tags": [{"Key": key, "Value": value} for key, value in tags]}


def tag_resource(call: Call) -> Answer:
    """Add tags, or change their values."""
    organization = administered(call)
    _set_tags(call, organization, merged(_tags(call, organization), call.parameters["Tags"]))
    return {}


def untag_resource(call: Call) -> Answer:
    """Take tags away; those that are not there are no error."""
    organization = administered(call)
    keys = set(call.parameters["TagKeys"])
    _set_tags(call, organization, tuple(tag for tag in _tags(call, organization) if tag[0] not in keys))
    return {}


def merged(tags: Tags, added: list[dict[str, str]]) -> Tags:
    """Put tags over others.

    Raises:
        ServiceError: a key is there twice, or there are too many.
    """
    keys = [tag["Key"] for tag in added]
    if len(set(keys)) < len(keys):
        raise ServiceError("InvalidInputException", "You specified the same tag key twice.", reason="DUPLICATE_TAG_KEY")
    found = dict(tags) | {tag["Key"]: tag["Value"] for tag in added}
    if len(found) > _MOST_TAGS:
        raise ServiceError(
            "ConstraintViolationException",
            "You have exceeded the number of tags allowed on this resource.",
            reason="MAX_TAG_LIMIT_EXCEEDED",
        )
    return tuple(found.items())


def _tags(call: Call, organization: Organization) -> Tags:
    resource = call.parameters["ResourceId"]
    account = account_of(call, organization, resource)
    if account is not None:
        return account.tags
    is_policy = resource in organization.service_control.customer
    if is_policy or resource == organization.root_id or resource in organization.units:
        return organization.tags.get(resource, ())
    raise target_not_found()


def _set_tags(call: Call, organization: Organization, tags: Tags) -> None:
    resource = call.parameters["ResourceId"]
    account = account_of(call, organization, resource)
    if account is not None:
        account.tags = tags
    else:
        organization.tags[resource] = tags
