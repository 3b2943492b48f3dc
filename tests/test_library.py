"""rootsweep as a library: what it exports, what importing it costs, and that each function does what its command does."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import chdir
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import boto3  # type: ignore[import-untyped]
import botocore.session
import pytest

import rootsweep
from rootsweep_emulator import Emulator
from tests.auditing.sources.files.saved_files import ACCOUNT, ACTIVE, CLEAN, report, root
from tests.markdown_page import MarkdownPage

PROJECT: Final = Path(__file__).parents[1]
FUNCTIONS: Final = ["audit", "audit_files", "compare", "plan", "read", "write"]
ERRORS: Final = ["CannotRunError", "InputRefusedError", "OutputError", "RootsweepError", "UsageError"]
VALUES: Final = [
    "Account",
    "Drift",
    "ExceptionRule",
    "Finding",
    "Guards",
    "KeyRow",
    "KeyStatus",
    "Plan",
    "RejectedInput",
    "Run",
    "Scope",
    "Severity",
    "Summary",
    "Verdict",
]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "keyed.csv").write_text(report(root(**ACTIVE)))
    with chdir(tmp_path):
        yield tmp_path


@pytest.fixture
def aws(organization: Emulator, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    """Let AWS be the organization, for its management account, by the profile ``audit`` alone."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    key_id, secret, token = organization.credentials("management")
    lines = [
        "[profile audit]",
        f"aws_access_key_id = {key_id}",
        f"aws_secret_access_key = {secret}",
        *([f"aws_session_token = {token}"] if token else []),
        "region = us-east-1",
        f"endpoint_url = {organization.endpoint}",
    ]
    (folder / "config").write_text("\n".join(lines))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(folder / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return organization


def test_the_exported_names_are_these() -> None:
    assert sorted(rootsweep.__all__) == sorted([*FUNCTIONS, *ERRORS, *VALUES, "__version__"])
    assert dir(rootsweep) == sorted(rootsweep.__all__)
    for name in rootsweep.__all__:
        assert getattr(rootsweep, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = rootsweep.nothing


def test_importing_it_needs_the_standard_library_alone() -> None:
    code = (
        "import sys; before = set(sys.modules); import rootsweep; "
        "new = {name.partition('.')[0] for name in set(sys.modules) - before}; "
        "print(sorted(new - sys.stdlib_module_names - {'rootsweep'}), "
        "sorted(name for name in sys.modules if name.startswith('rootsweep')))"
    )
    ran = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[] ['rootsweep', 'rootsweep.version']\n"


def test_no_submodule_hides_a_function() -> None:
    """Importing a submodule sets its name in the package: none may be called as a function is, whatever was imported before."""
    code = (
        "import pkgutil, rootsweep, rootsweep.cli\n"
        "from importlib import import_module\n"
        "for one in pkgutil.walk_packages(rootsweep.__path__, 'rootsweep.'):\n"
        "    one.name.endswith('__main__') or import_module(one.name)\n"
        f"for name in {FUNCTIONS} * 2:\n"
        "    assert callable(getattr(rootsweep, name)), name\n"
        "from rootsweep import audit, audit_files, compare, plan, read, write\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_function_works_twice_after_the_command_line(aws: Emulator) -> None:
    import rootsweep.cli  # noqa: PLC0415  its import must change nothing

    for _ in range(2):
        run = rootsweep.audit(profile="audit", organization=True)
        assert run.summary().proven == len(aws.world.accounts)
        saved = rootsweep.audit_files(paths=["reports"])
        assert saved.summary().non_compliant == 1
        rootsweep.write(run=saved, path="run.json")
        again = rootsweep.read(path="run.json")
        assert [(one.account.id, one.verdict, one.reasons, one.keys) for one in again.findings] == [
            (one.account.id, one.verdict, one.reasons, one.keys) for one in saved.findings
        ]
        plan = rootsweep.plan(run=saved)
        planned = [one.key.account.id for one in plan.actions] + [one.key.account.id for one in plan.held_back]
        assert planned == [ACCOUNT]
        assert rootsweep.compare(before=again, after=saved).counts().new == 0


@pytest.mark.parametrize(
    "open_session",
    [
        pytest.param(lambda: botocore.session.Session(profile="audit"), id="botocore"),
        pytest.param(lambda: boto3.Session(profile_name="audit"), id="boto3"),
    ],
)
def test_a_session_of_the_callers_is_used_and_left_as_it_is(aws: Emulator, open_session: Callable[[], Any]) -> None:
    session = open_session()
    seen: list[rootsweep.Finding] = []
    run = rootsweep.audit(session=session, organization=True, on_finding=seen.append)
    assert run.summary().proven == len(aws.world.accounts) == len(seen)
    sts = session.create_client("sts") if hasattr(session, "create_client") else session.client("sts")
    assert sts.get_caller_identity()["Account"] == aws.world.account("management").id


def test_credentials_that_a_session_was_given_are_used(aws: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.endpoint)
    key_id, secret, token = aws.credentials("management")
    session = boto3.Session(key_id, secret, token, region_name="us-east-1")
    assert rootsweep.audit(session=session).summary().accounts == 1
    with pytest.raises(rootsweep.CannotRunError, match="credentials"):
        rootsweep.audit()


def test_an_interruption_of_on_finding_reaches_the_caller(folder: Path) -> None:
    def stop(_: rootsweep.Finding) -> None:
        raise LookupError(folder)

    with pytest.raises(LookupError):
        rootsweep.audit_files(paths=["reports"], on_finding=stop)


def test_what_was_refused_is_heard(folder: Path) -> None:
    (folder / "reports" / "notes.txt").write_text("nothing")
    refused: list[rootsweep.RejectedInput] = []
    run = rootsweep.audit_files(paths=["reports"], on_refusal=refused.append)
    assert [one.path for one in refused] == ["reports/notes.txt"] == [one.path for one in run.rejected_inputs]


REFUSED: Final[dict[str, tuple[Callable[[], object], str, str]]] = {
    "no path": (lambda: rootsweep.audit_files(paths=[]), "UsageError", "no path is given"),
    "a path that is missing": (lambda: rootsweep.audit_files(paths=["x"]), "InputRefusedError", "none of the inputs"),
    "a path that is none": (lambda: rootsweep.audit_files(paths=["\0"]), "UsageError", "is no path"),
    "a number for a path": (lambda: rootsweep.audit_files(paths=[1]), "UsageError", "1 in paths is no path"),  # type: ignore[list-item]
    "standard input": (lambda: rootsweep.audit_files(paths=["-"]), "UsageError", "'-' in paths is standard input"),
    "one text of units": (lambda: rootsweep.audit(organization=True, units="ou-1"), "UsageError", "units is 'ou-1'"),
    "tags that are no pairs": (
        lambda: rootsweep.audit(organization=True, tags=["xy"]),  # type: ignore[list-item]
        "UsageError",
        "'xy' in tags is no tuple",
    ),
    "half a tag": (lambda: rootsweep.audit(organization=True, tags=[("x",)]), "UsageError", "no list of pairs"),  # type: ignore[list-item]
    "a session that is none": (lambda: rootsweep.audit(session=object()), "UsageError", "no session of botocore"),
    "an age below zero": (
        lambda: rootsweep.audit_files(paths=["reports"], max_age=timedelta(-1)),
        "UsageError",
        "max_age is not above zero",
    ),
    "an age that is none": (
        lambda: rootsweep.audit_files(paths=["reports"], max_age=90),  # type: ignore[arg-type]
        "UsageError",
        "90 in max_age is no timedelta",
    ),
    "an exception that is none": (
        lambda: rootsweep.audit_files(paths=["reports"], exceptions=["x"]),  # type: ignore[list-item]
        "UsageError",
        "'x' in exceptions is no ExceptionRule",
    ),
    "a path to write that is none": (lambda: rootsweep.write(run=run(), path="\0"), "UsageError", "is no path"),
    "a path to read that is none": (lambda: rootsweep.read(path="\0"), "UsageError", "is no path"),
    "an account that is none": (
        lambda: rootsweep.audit_files(paths=["reports"], accounts=["12"]),
        "UsageError",
        "'12' in accounts is no account id",
    ),
    "one text of accounts": (
        lambda: rootsweep.audit_files(paths=["reports"], accounts=ACCOUNT),
        "UsageError",
        "accounts is '",
    ),
    "inactive keys": (
        lambda: rootsweep.audit_files(paths=["reports"], inactive_keys="no"),
        "UsageError",
        "inactive_keys is 'no'",
    ),
    "an access": (lambda: rootsweep.audit(access="x"), "UsageError", "access is 'x'"),
    "no role": (lambda: rootsweep.audit(access="role", accounts=[ACCOUNT]), "UsageError", "needs the name of the role"),
    "two who call": (lambda: rootsweep.audit(session=object(), profile="x"), "UsageError", "session and profile"),
    "a time limit of nothing": (lambda: rootsweep.audit(timeout=timedelta(0)), "UsageError", "timeout is not above"),
    "nothing to resume": (
        lambda: rootsweep.audit(resume=True, organization=True),
        "UsageError",
        "resume continues a checkpoint",
    ),
    "a profile that is missing": (lambda: rootsweep.audit(profile="x"), "UsageError", "no profile 'x'"),
    "a run that is missing": (lambda: rootsweep.read(path="x.json"), "UsageError", "cannot read x.json"),
    "a run that is none": (lambda: rootsweep.read(path="reports/keyed.csv"), "UsageError", "is not a run"),
    "a format": (lambda: rootsweep.write(run=run(), path="x", format="pdf"), "UsageError", "format is 'pdf'"),
    "a framework": (lambda: rootsweep.write(run=run(), path="x", framework="y"), "UsageError", "no framework"),
    "nowhere to write": (lambda: rootsweep.write(run=run()), "UsageError", "a path or to a stream"),
    "a folder to write to": (lambda: rootsweep.write(run=run(), path="missing/x"), "OutputError", "cannot write"),
    "a stream that is closed": (lambda: rootsweep.write(run=run(), stream=closed()), "OutputError", "cannot be written"),
    "a time without a zone": (
        lambda: rootsweep.plan(run=run(), now=datetime(2026, 1, 1)),  # noqa: DTZ001  that is the point
        "UsageError",
        "no time zone",
    ),
    "a run of the future": (
        lambda: rootsweep.plan(run=run(), now=datetime(2020, 1, 1, tzinfo=UTC)),
        "UsageError",
        "dated in the future",
    ),
}


@pytest.mark.parametrize("kind", [str, Path])
@pytest.mark.parametrize("audit", [rootsweep.audit_files, rootsweep.audit])
def test_one_path_is_not_taken_for_a_list_of_its_letters(folder: Path, kind: type, audit: Callable[..., rootsweep.Run]) -> None:
    """Read as letters, "two.csv" would be t, w, o and the current folder: other files would be judged."""
    (folder / "two.csv").write_text(report(root(**ACTIVE)))
    with pytest.raises(rootsweep.UsageError, match=r"two\.csv") as caught:
        audit(paths=kind("two.csv"))
    assert "give a list" in caught.value.advice


def run() -> rootsweep.Run:
    return rootsweep.audit_files(paths=["reports"])


def closed() -> io.StringIO:
    stream = io.StringIO()
    stream.close()
    return stream


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("call", "kind", "text"), REFUSED.values(), ids=REFUSED)
def test_whatever_is_wrong_is_an_error_of_rootsweep(
    call: Callable[[], object], kind: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(getattr(rootsweep, kind), match=text) as caught:
        call()
    assert isinstance(caught.value, rootsweep.RootsweepError)
    assert caught.value.advice
    assert not Path("x").exists()


def test_runs_of_other_scopes_and_orders_are_not_compared(folder: Path) -> None:
    (folder / "clean.csv").write_text(CLEAN)
    first = rootsweep.audit_files(paths=["reports"])
    second = rootsweep.audit_files(paths=["clean.csv"])
    assert rootsweep.compare(before=first, after=second).counts().fixed == 1
    assert rootsweep.compare(before=None, after=first).counts().new == 1
    with pytest.raises(rootsweep.UsageError, match="ended after the other"):
        rootsweep.compare(before=second, after=first)


def test_a_run_goes_to_a_stream_in_any_format(folder: Path) -> None:
    stream = io.StringIO()
    rootsweep.write(run=run(), stream=stream)
    assert [one["account_id"] for one in json.loads(stream.getvalue())["accounts"]] == [ACCOUNT]
    rootsweep.write(run=run(), path=folder / "report.html", format="html")
    assert (folder / "report.html").read_text().startswith("<!doctype html>")


def test_python_runs_it_as_a_module() -> None:
    ran = subprocess.run([sys.executable, "-m", "rootsweep", "--version"], capture_output=True, text=True, check=True)
    assert ran.stdout.split()[-1] == rootsweep.__version__


@pytest.mark.usefixtures("aws")
def test_the_page_shows_what_works() -> None:
    page = MarkdownPage.read(PROJECT / "docs" / "python.md")
    names: dict[str, Any] = {}
    for block in page.blocks("python"):
        exec(block, names)  # noqa: S102  the examples of the project's own page
    assert names["is_proven"] is True
    assert Path("report.html").exists()


def test_the_page_names_everything_that_is_exported() -> None:
    code = " ".join(MarkdownPage.read(PROJECT / "docs" / "python.md").code)
    for name in rootsweep.__all__:
        assert name == "__version__" or name in code
