"""A small AWS organization that speaks AWS's wire protocols, on a loopback port.

It answers boto3, the ``aws`` command and any other tool that takes ``AWS_ENDPOINT_URL``: signatures are verified, parameters
validated by botocore's service models, answers written by them. It imports nothing else of rootsweep, so that it cannot share a
bug with what it tests.

In a test or a demonstration::

    world = load_scenario("demo")
    with Emulator(world) as emulator:
        key_id, secret, token = emulator.credentials("clean")  # token is None for a long-term key
        os.environ.update(emulator.environment("clean"))  # or: paste it into a shell
        emulator.control.create_root_key("clean")  # account by id or by name
        emulator.control.add_fault(Rule(Throttle(rate=8, burst=12), "organizations", "ListAccounts"))
        emulator.control.calls("iam", "DeleteAccessKey")  # how often it was called

In the foreground, until interrupted::

    serve(world, port=0, announce=print)

What is what:

- :func:`load_scenario` reads a scenario by name (``demo``, ``organization``) or path; :func:`generate` makes a large
  organization; both give a :class:`World`, whose ``named`` lists the credentials that it offers.
- :class:`Emulator` serves a world in a thread of its own, :func:`serve` in the foreground; :func:`environment` gives the
  variables that point AWS's tools at an endpoint.
- :func:`write_profiles` writes a profile file with a profile for each caller.
- :class:`Control` changes and observes a world: keys, account states, features, delegation, trusted access, service control
  policies, past events, reports, the clock (``advance``, ``skew``), eventual consistency, faults, counters.
- :class:`Emulator` takes operations of further services, each an :class:`Operation` that handles a :class:`Call`.
- :class:`Rule` with one of :class:`Latency`, :class:`Throttle`, :class:`Refuse`, :class:`Reset`, :class:`DenyAccess`,
  :class:`Omit`, :class:`Replace`, :class:`SessionOf`, :class:`Endless`, :class:`Dated`, :class:`Body` or :class:`Change` is a
  fault.

Each fact of AWS's behaviour names its source where it is encoded; what no source establishes is marked "Assumption:".
"""

from rootsweep_emulator.access.signature import Credentials
from rootsweep_emulator.control import Control
from rootsweep_emulator.errors import ScenarioError, UnknownName
from rootsweep_emulator.faults import (
    Body,
    Change,
    Dated,
    DenyAccess,
    Effect,
    Endless,
    Latency,
    Omit,
    Refuse,
    Replace,
    Reset,
    Rule,
    SessionOf,
    Throttle,
)
from rootsweep_emulator.operations.call import Answer, Call, Operation
from rootsweep_emulator.scenarios.files import load_scenario
from rootsweep_emulator.scenarios.generated import Shares, generate
from rootsweep_emulator.serving import Emulator, ProfileFiles, environment, serve, write_profiles
from rootsweep_emulator.state.account import ServiceControlDeny
from rootsweep_emulator.state.identifiers import VirtualClock
from rootsweep_emulator.state.world import World

__all__ = [
    "Answer",
    "Body",
    "Call",
    "Change",
    "Control",
    "Credentials",
    "Dated",
    "DenyAccess",
    "Effect",
    "Emulator",
    "Endless",
    "Latency",
    "Omit",
    "Operation",
    "ProfileFiles",
    "Refuse",
    "Replace",
    "Reset",
    "Rule",
    "ScenarioError",
    "ServiceControlDeny",
    "SessionOf",
    "Shares",
    "Throttle",
    "UnknownName",
    "VirtualClock",
    "World",
    "environment",
    "generate",
    "load_scenario",
    "serve",
    "write_profiles",
]
