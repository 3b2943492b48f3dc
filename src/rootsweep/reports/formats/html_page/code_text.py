"""Text with commands in it: what stands between backticks is shown as code."""

from markupsafe import Markup, escape

from rootsweep.reports.plain_text import printable


def with_code(text: str) -> Markup:
    """Escape the text, and mark what stands between backticks; an odd backtick stays what it is."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(printable(text))
    shown = [escape(printable(part)) for part in parts]
    return Markup("").join(Markup("<code>{}</code>").format(part) if place % 2 else part for place, part in enumerate(shown))
