"""Hundreds of calls at once, each with the credentials of another account: no answer is ever credited to another."""

from concurrent.futures import ThreadPoolExecutor

from rootsweep.aws.iam import get_credential_report, list_own_access_keys
from rootsweep.aws.session import AccountAccess
from rootsweep.aws.sts import get_caller_identity
from rootsweep.core.answer import Answer
from rootsweep.core.parsing.access_key_id import account_of_access_key
from rootsweep_emulator import Emulator, Latency, Reset, Rule, Shares, Throttle, generate
from tests.live import access_with, open_emulated, root_session_access

ACCOUNTS = 150
THREADS = 100


def test_no_answer_is_credited_to_another_account() -> None:
    with Emulator(generate(ACCOUNTS, shares=Shares(active_key=0.9))) as emulator:
        session = open_emulated(emulator, connections=THREADS)
        members = list(emulator.world.accounts)[2:]
        accesses = {account: root_session_access(emulator, account) for account in members}
        # Uneven latency shuffles the answers, and lost connections make calls be signed anew in the midst of others.
        for seconds in (0.001, 0.005, 0.02):
            emulator.control.add_fault(Rule(Latency(seconds), probability=0.3))
        emulator.control.add_fault(Rule(Reset(), probability=0.03))
        emulator.control.add_fault(Rule(Reset(acted=True), probability=0.03))

        def ask_all(account: str) -> tuple[str, object, object]:
            access: AccountAccess = accesses[account]
            return account, get_caller_identity(session, access), list_own_access_keys(session, access)

        with ThreadPoolExecutor(THREADS) as pool:
            results = list(pool.map(ask_all, members * 3))
        listed = 0
        for account, caller, keys in results:
            assert isinstance(caller, Answer), caller
            assert isinstance(keys, Answer), keys
            assert caller.value.account_id == account
            assert caller.value.is_root
            truth = {key.id for key in emulator.control.root_keys(account)}
            assert {key.id for key in keys.value} == truth
            assert {account_of_access_key(key.id) for key in keys.value} <= {account}
            listed += len(keys.value)
        assert len(results) == 3 * (ACCOUNTS - 2)
        assert listed > 300


def test_the_same_holds_for_reports_and_throttled_callers(demo: Emulator) -> None:
    session = open_emulated(demo, connections=40)
    names = [name for name in demo.world.named if name not in {"permission-missing", "govcloud"}]
    for name in names:
        demo.control.make_report(name)
    demo.control.add_fault(Rule(Throttle(rate=200, burst=20), "iam"))
    accesses = [access_with(demo.credentials(name)) for name in names]
    with ThreadPoolExecutor(40) as pool:
        reports = list(pool.map(lambda access: get_credential_report(session, access), accesses * 15))
    expected = [demo.world.account(name).id for name in names] * 15
    assert [report.value.account_id if isinstance(report, Answer) else report for report in reports] == expected
