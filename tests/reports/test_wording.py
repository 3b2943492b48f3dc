"""A word of a command that can be pasted, whatever is in it."""

import os
import subprocess

import pytest

from rootsweep.reports.wording import printable, shell_word


@pytest.mark.parametrize(
    "word",
    [
        "report.json",
        "it's ours",
        "naïve",
        "",
        os.fsdecode(b"111122223333-\xff7.json"),
        "red\x1b[31m it's \\n",
        "two\nlines",
        "over\u202eride",
    ],
)
def test_a_shell_reads_the_same_word_and_a_terminal_acts_on_nothing(word: str) -> None:
    shown = shell_word(word)
    assert shown == printable(shown)
    said = subprocess.run(
        ["/bin/bash", "-c", f"printf %s {shown}"], stdout=subprocess.PIPE, check=True, env={"LC_ALL": "C.UTF-8"}
    )
    assert said.stdout == os.fsencode(word)
