import os
from pathlib import Path

import pytest

from rootsweep.cli import run_command_line

NOT_UTF_8 = b"\xff"


@pytest.mark.usefixtures("history_of_its_own")
@pytest.mark.parametrize("folders", [0, 300])
def test_an_audit_of_a_path_that_is_not_utf_8_is_recorded(
    folders: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # The scope of a long path is kept as a digest.
    name = b"111122223333-" + NOT_UTF_8 + b".json"
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/d" * folders + b"/" + name))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('{"SummaryMap": {"AccountAccessKeysPresent": 0}}', encoding="utf-8")
    for _ in range(2):
        assert run_command_line(["audit", "--from", str(path)]) == 0
    assert "history" not in capsys.readouterr().err
    assert run_command_line(["history", "list"]) == 0
