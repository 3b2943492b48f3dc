"""The docs check sees what a reader of the page sees."""

from tests.markdown_page import MarkdownPage

PAGE = MarkdownPage(
    """\
# The `audit` command

See [below](#exit-codes), [verdicts](verdicts.md#why) and ![a picture](audit.svg).

```console
$ rootsweep audit --from reports \\
    --format json
123456789012  COMPLIANT
$ make test
```

```markdown
[not a link](nowhere.md)
```

## Exit codes

| code | meaning |
|---|---|
| 0 | proven |
| `1` | a key, `--format` or not |

## Exit codes
"""
)


def test_links_in_code_are_no_links() -> None:
    assert PAGE.links == ["#exit-codes", "verdicts.md#why", "audit.svg"]


def test_repeated_headings_are_numbered() -> None:
    assert PAGE.anchors == {"the-audit-command", "exit-codes", "exit-codes-1"}


def test_commands_are_what_follows_a_prompt() -> None:
    assert [command.split() for command in PAGE.commands] == [
        ["rootsweep", "audit", "--from", "reports", "--format", "json"],
        ["make", "test"],
    ]


def test_code_is_found_in_spans_and_blocks() -> None:
    assert PAGE.code[0] == "audit"
    assert "--format" in PAGE.code
    assert any("nowhere.md" in code for code in PAGE.code)


def test_a_column_is_found_by_its_header() -> None:
    assert PAGE.table_column("code") == ["0", "`1`"]
    assert PAGE.table_column("absent") == []
