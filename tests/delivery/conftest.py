from pathlib import Path

import pytest
import trustme

from rootsweep.delivery.https import Network


@pytest.fixture(name="authority", scope="session")
def certificate_authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(name="bundle", scope="session")
def file_of_its_certificate(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return path


@pytest.fixture(name="network")
def network_that_trusts_it(bundle: Path) -> Network:
    return Network(str(bundle))
