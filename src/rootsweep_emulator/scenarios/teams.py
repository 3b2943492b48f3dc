"""The names and units of member accounts, as companies that run AWS for a while have them."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

WORKLOAD_UNITS: Final = ("Infrastructure", "Workloads/Production", "Workloads/Development", "Sandbox")

_UNIT_OF: Final = {
    "prod": "Workloads/Production",
    "staging": "Workloads/Development",
    "dev": "Workloads/Development",
}

_TEAMS: Final = (
    *("payments", "checkout", "orders", "catalog", "search", "pricing", "inventory", "shipping", "returns", "loyalty"),
    *("accounts", "identity", "notifications", "messaging", "recommendations", "reviews", "media", "streaming", "maps"),
    *("routing", "dispatch", "fleet", "telemetry", "data-lake", "data-warehouse", "feature-store", "ml-training"),
    *("ml-inference", "experiments", "reporting", "ledger", "invoicing", "tax", "treasury", "fraud", "risk", "underwriting"),
    *("claims", "crm", "support", "partner-api", "public-api", "mobile-backend", "web-frontend", "cms", "affiliates"),
    *("ads", "campaigns", "email", "surveys", "hr-portal", "payroll", "recruiting", "legal-archive", "erp", "procurement"),
    *("warehouse-robotics", "print-service", "pdf-render", "image-resize", "geo-index", "webhooks", "scheduler", "audit-log"),
    *("translations", "chat", "video-calls", "documents", "signatures", "customs", "fulfilment", "subscriptions", "vouchers"),
)
_SHARED: Final = (
    *("log-archive", "network-hub", "dns", "shared-services", "backup-vault", "ci-runners", "artifact-store", "image-builder"),
    *("monitoring", "transit-eu", "transit-us", "vpn-gateway", "certificates", "directory"),
)
_PEOPLE: Final = (
    *("ines", "jonas", "amara", "wei", "sofia", "tomas", "priya", "lars", "fatima", "diego", "hana", "marek", "chloe"),
    *("yusuf", "greta", "nikhil", "elena", "kofi", "mei", "oskar", "zara", "pavel", "lucia", "samir", "ingrid", "bruno"),
)


@dataclass(frozen=True, slots=True)
class MemberName:
    """The name of a member account and the path of its unit."""

    name: str
    unit: str


def numbered() -> Iterator[MemberName]:
    """Yield ``workload-00001`` and so on, from one unit to the next, without end."""
    for number in itertools.count(1):
        yield MemberName(f"workload-{number:05d}", WORKLOAD_UNITS[number % len(WORKLOAD_UNITS)])


def teams() -> Iterator[MemberName]:
    """Yield shared accounts, sandboxes, and each team's account by environment; numbered ones once these are used up."""
    yield from (MemberName(name, "Infrastructure") for name in _SHARED)
    yield from (MemberName(f"sandbox-{person}", "Sandbox") for person in _PEOPLE)
    yield from (MemberName(f"{team}-{stage}", _UNIT_OF[stage]) for team, stage in itertools.product(_TEAMS, _UNIT_OF))
    yield from numbered()
