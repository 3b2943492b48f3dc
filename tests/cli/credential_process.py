"""A real ``credential_process``: a program that gives credentials so many times, and then is gone."""

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rootsweep_emulator import Emulator


def call_by_a_process_that_goes_away(
    emulator: Emulator, name: str, folder: Path, monkeypatch: pytest.MonkeyPatch, *, after: int
) -> None:
    """Let a caller of the emulator get its credentials from a program that removes itself the ``after``-th time.

    They expire so soon that the SDK asks for them before each call that they sign.
    """
    variables = emulator.environment(name)
    expires_at = datetime.now(UTC) + timedelta(minutes=5)
    answer = folder / "answer.json"
    answer.write_text(
        json.dumps(
            {
                "Version": 1,
                "AccessKeyId": variables.pop("AWS_ACCESS_KEY_ID"),
                "SecretAccessKey": variables.pop("AWS_SECRET_ACCESS_KEY"),
                "SessionToken": variables.pop("AWS_SESSION_TOKEN", None),
                "Expiration": expires_at.isoformat(),
            }
        )
    )
    count = folder / "count"
    count.write_text("")
    program = folder / "give-credentials"
    program.write_text(
        f'#!/bin/sh\nprintf x >> "{count}"\n[ "$(wc -c < "{count}")" -ge {after} ] && rm -f "$0"\nexec cat "{answer}"\n'
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    config = folder / "config"
    config.write_text(f"[default]\ncredential_process = {program}\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(variable, raising=False)
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
