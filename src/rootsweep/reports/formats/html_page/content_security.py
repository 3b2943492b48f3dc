"""What a browser may do with the page: show it, and nothing else.

The policy allows the page's own style and script by the hash of their text, and nothing from anywhere else, so that no name in
a run can be more than text, even if it were not escaped (Content Security Policy Level 3, W3C).
"""

from base64 import b64encode
from hashlib import sha256


def policy(style: str, script: str) -> str:
    """Give the policy of a page whose ``<style>`` and ``<script>`` hold exactly these texts."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src {_source(style)}",
            f"script-src {_source(script)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _source(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
