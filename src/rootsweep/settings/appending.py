"""Adding an exception to ``rootsweep.toml``: at its end, so that every word and comment in it stays."""

from datetime import datetime

import tomli_w

from rootsweep.settings.exceptions import TABLE, ExceptionTable, exception_rules
from rootsweep.settings.file import SettingsFile, parse_settings


def add_exception(settings: SettingsFile, table: ExceptionTable, now: datetime) -> SettingsFile:
    """Return the file with one exception more, once that is found good; it is not yet on the disk.

    Raises ``UsageError`` where the exception is invalid, or another names the same key.
    """
    fields = {name: getattr(table, name) for name in table.__struct_fields__}
    block = tomli_w.dumps({TABLE: [{name: value for name, value in fields.items() if value is not None}]})
    before = f"{settings.text.rstrip()}\n\n" if settings.text.strip() else ""
    text = before + block
    changed = parse_settings(settings.path, text)
    exception_rules(changed, now)
    return changed
