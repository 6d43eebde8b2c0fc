"""PEM texts that mean no good: they end in time, as a sentence or a bundle, and nothing else."""

import base64
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.registry.certificate_files import NOW, certificate, der, pem
from updates.registry.errors import TrustError
from updates.registry.tls.certificates import CABundle, load_ca_bundle
from updates.registry.tls.pem import MAX_PEM_BYTES
from updates.registry.tls.trust import TrustMode, ssl_context

CA = certificate()
GOOD = pem(CA)


def judged(text: str) -> tuple[CABundle | None, str]:
    """The bundle that a text is, or the complaint about it."""
    try:
        return load_ca_bundle(text, now=NOW), ""
    except TrustError as error:
        return None, error.reason


@pytest.mark.parametrize(
    "piece", ["-----BEGIN A-----", "-----END A-----", "-----BEGIN A----- ", "-", "-----BEGIN ", "A"]
)
def test_a_megabyte_of_rubbish_takes_no_time(piece: str) -> None:
    started = time.process_time()

    bundle, complaint = judged(piece * (MAX_PEM_BYTES // len(piece)))

    assert bundle is None
    assert complaint
    assert time.process_time() - started < 2.0


@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
@pytest.mark.filterwarnings("ignore:The parsed certificate:UserWarning")
@given(st.lists(st.tuples(st.integers(0, len(der(CA)) - 1), st.integers(0, 255)), max_size=4))
def test_a_damaged_certificate_is_refused_or_openssl_takes_it_for_a_ca(
    changes: list[tuple[int, int]],
) -> None:
    damaged = bytearray(der(CA))
    for position, value in changes:
        damaged[position] = value
    body = base64.encodebytes(damaged).decode()

    bundle, complaint = judged(f"-----BEGIN CERTIFICATE-----\n{body}-----END CERTIFICATE-----\n")

    assert complaint.isprintable()
    if bundle is not None:
        assert len(ssl_context(TrustMode.CA_ONLY, bundle).get_ca_certs()) == 1


@given(st.text() | st.text("-BEGINCRTFAD \n").map(lambda text: f"{GOOD}{text}{GOOD}"))
def test_any_text_is_loaded_or_refused(text: str) -> None:
    bundle, complaint = judged(text)

    assert (bundle is None) == bool(complaint)
    assert complaint.isprintable()
