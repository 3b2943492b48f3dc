"""Saved evidence: files, folders and standard input.

::

    given_files         the paths that were given -> files, each once
    content, text       a file -> its first bytes, its text, its lines, in bounded memory
    delimited_report, aws_cli_answer, summary_lines, workbook (workbook_archive)
                        one reader per kind of content, which is told by the first bytes and never by the name
    not_evidence        everything else -> a refusal that helps
    account_pairing     a summary, which does not tell its account -> the account
    evidence            all of it together: ``read_evidence``
"""

from rootsweep.sources.files.evidence import FileEvidence, read_evidence

__all__ = ["FileEvidence", "read_evidence"]
