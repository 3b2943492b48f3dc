"""Profiles of the AWS SDKs and tools, one for each caller that a scenario offers, in files of their own."""

import os
from configparser import ConfigParser
from dataclasses import dataclass
from pathlib import Path

from rootsweep_emulator.control import Control
from rootsweep_emulator.state.regions import HOME_REGION
from rootsweep_emulator.state.world import World

_OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class ProfileFiles:
    """The two files that hold the profiles: AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE."""

    config: Path
    credentials: Path


def write_profiles(world: World, endpoint: str, folder: Path) -> ProfileFiles:
    """Write a profile for each caller, which points AWS's tools at the endpoint.

    AWS SDKs and Tools reference guide, "Shared config and credentials files": a profile NAME is ``[profile NAME]`` in the one
    file and ``[NAME]`` in the other; ``endpoint_url`` counts while AWS_ENDPOINT_URL is not set.

    Raises:
        OSError: the files cannot be written.
    """
    control = Control(world)
    config, credentials = ConfigParser(interpolation=None), ConfigParser(interpolation=None)
    for name in world.named:
        key_id, secret, token = control.credentials(name)
        config[f"profile {name}"] = {
            "region": HOME_REGION[control.partition(name)],
            "endpoint_url": endpoint,
            "ignore_configured_endpoint_urls": "false",
        }
        credentials[name] = {"aws_access_key_id": key_id, "aws_secret_access_key": secret}
        if token is not None:
            credentials[name]["aws_session_token"] = token
    files = ProfileFiles(folder / "config", folder / "credentials")
    _write(config, files.config)
    _write(credentials, files.credentials)
    return files


def _write(parser: ConfigParser, path: Path) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY), "w", encoding="utf-8") as file:
        parser.write(file)
