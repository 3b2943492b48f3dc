"""Types of option values that name a role, or what is told to assume it."""

import re
from typing import Final

import click

_ROLE_NAME: Final = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)
_EXTERNAL_ID: Final = re.compile(r"[\w+=,.@:/-]{2,1224}", re.ASCII)


class RoleName(click.ParamType[str]):
    """The name of an IAM role, without its path (IAM API reference, CreateRole, RoleName)."""

    name = "role name"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Take the text as it is, if it can be the name of a role."""
        if _ROLE_NAME.fullmatch(str(value)) is None:
            self.fail(
                f"{value!r} is not the name of a role; write 1 to 64 letters, digits and _+=,.@-, without a path", param, ctx
            )
        return str(value)


class ExternalId(click.ParamType[str]):
    """An external id (STS API reference, AssumeRole, ExternalId)."""

    name = "external id"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Take the text as it is, if it can be an external id."""
        if _EXTERNAL_ID.fullmatch(str(value)) is None:
            self.fail("this is not an external id; write 2 to 1224 letters, digits and _+=,.@:/-", param, ctx)
        return str(value)
