"""The Region for which findings are addressed while nothing says where Security Hub takes them."""

from rootsweep.model.organization import HOME_REGIONS


def home_region(partition: str) -> str:
    """Give the Region in which a partition keeps IAM; that of ``aws`` for a partition that is not known."""
    return HOME_REGIONS.get(partition, HOME_REGIONS["aws"])
