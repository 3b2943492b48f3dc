"""``--format html``: writes the page, account after account, so that its text is never held as a whole.

Every value of a run passes ``printable`` and is escaped by the templates' engine, whatever a template does with it; nothing but
the style and the script of this package is taken for markup.
"""

from importlib.resources import files
from typing import Any, Final, TextIO

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from rootsweep.controls import ROOT_ACCESS_KEY
from rootsweep.model.run import Run
from rootsweep.reports.counted import counted
from rootsweep.reports.formats.html_page.account_records import records_of
from rootsweep.reports.formats.html_page.account_rows import ROWS_A_BODY, filters_of, rows_of
from rootsweep.reports.formats.html_page.code_text import with_code
from rootsweep.reports.formats.html_page.content_security import policy
from rootsweep.reports.formats.html_page.front import front_of
from rootsweep.reports.formats.html_page.histograms import key_pictures
from rootsweep.reports.formats.html_page.to_do import to_do_of
from rootsweep.reports.formats.html_page.trend import trend_of
from rootsweep.reports.formats.html_page.verdict_picture import verdict_parts
from rootsweep.reports.formats.html_page.words import SOURCES
from rootsweep.reports.left_out import left_out_note
from rootsweep.reports.plain_text import printable
from rootsweep.reports.registry import RenderOptions
from rootsweep.reports.worst_first import worst_first

_PACKAGE: Final = "rootsweep.reports.formats.html_page"
_PIECES_A_WRITE: Final = 2000


def write_run(run: Run, stream: TextIO, options: RenderOptions) -> None:
    """Write the page; a reader needs nothing but a browser, and no network."""
    template = _environment().get_template("page.html.jinja")
    pieces = template.stream(_values(run, options))
    pieces.enable_buffering(_PIECES_A_WRITE)
    stream.writelines(pieces)


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(_PACKAGE, "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_finalize,
    )
    environment.filters |= {"counted": counted, "with_code": with_code}
    return environment


def _finalize(value: object) -> object:
    return printable(value) if type(value) is str else value


def _values(run: Run, options: RenderOptions) -> dict[str, Any]:
    style, script = _text("report.css"), _text("report.js")
    findings = worst_first(run.findings)
    to_do = to_do_of(findings, run.gap)
    unit_names = {unit.id: unit.name for unit in run.units}
    return {
        "policy": policy(style, script),
        "style": Markup(style),  # noqa: S704  a file of this package
        "script": Markup(script),  # noqa: S704  a file of this package
        "front": front_of(run, options.presentation.reference),
        "parts": verdict_parts(run),
        "accounts": len(run.findings),
        "pictures": key_pictures(run),
        "trend": trend_of(run, options.presentation.earlier_runs),
        "to_do": to_do,
        "rejected_inputs": run.rejected_inputs,
        "left_out": run.left_out,
        "left_out_note": left_out_note(run),
        "sources": SOURCES,
        "filters": filters_of(findings),
        "rows": rows_of(findings),
        "rows_a_body": ROWS_A_BODY,
        "control": ROOT_ACCESS_KEY,
        "reference": options.presentation.reference,
        "records": records_of(findings, run.finished_at, to_do.by_account, unit_names),
    }


def _text(name: str) -> str:
    return (files(_PACKAGE) / name).read_text("utf-8")
