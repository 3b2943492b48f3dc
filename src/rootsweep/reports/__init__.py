"""How runs, plans, journals and histories are shown; nothing here computes a verdict.

::

    registry    the formats of an audit, by name
    wording     the words that several formats share
    contracts   public JSON: written, and read again
    formats     the formats of an audit: one module or folder each
    terminal    what else a person reads at a terminal
"""
