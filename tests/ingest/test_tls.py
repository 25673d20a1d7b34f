import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from appliance.ingest import tls
from appliance.ingest.sockets import ListenError
from appliance.ingest.tls import Certificates, TlsError, server_context
from appliance.settings import HepSettings
from tests.ingest.certificates import Authority, Signed, authority


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def signed(ours: Authority) -> Signed:
    return ours.sign("localhost")


def settings(certificate: Path, key: Path, authorities: Path | None = None) -> HepSettings:
    return HepSettings(tls_listen="127.0.0.1:9061", tls_certificate=certificate, tls_key=key, tls_client_ca=authorities)


def test_the_context_takes_tls_1_2_and_later_only(signed: Signed) -> None:
    context = server_context(settings(signed.certificate, signed.key))
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    assert context.verify_mode == ssl.CERT_NONE


def test_with_authorities_a_client_has_to_show_a_certificate(ours: Authority, signed: Signed) -> None:
    context = server_context(settings(signed.certificate, signed.key, ours.own.certificate))
    assert context.verify_mode == ssl.CERT_REQUIRED


def sentence(certificate: Path, key: Path, authorities: Path | None = None) -> str:
    with pytest.raises(TlsError) as caught:
        server_context(settings(certificate, key, authorities))
    assert isinstance(caught.value, ListenError)
    assert "\n" not in str(caught.value) and "None" not in str(caught.value)
    return str(caught.value)


def test_a_file_that_is_not_there_is_one_sentence(signed: Signed, tmp_path: Path) -> None:
    missing = tmp_path / "missing.pem"
    assert (
        sentence(missing, signed.key) == f"[hep] tls_certificate {missing}: cannot be read (No such file or directory)"
    )
    assert sentence(signed.certificate, missing).startswith(f"[hep] tls_key {missing}: cannot be read")
    assert sentence(signed.certificate, signed.key, missing).startswith(f"[hep] tls_client_ca {missing}: cannot be rea")
    assert sentence(tmp_path, signed.key).startswith(f"[hep] tls_certificate {tmp_path}: cannot be read")


def test_a_key_of_another_certificate_is_one_sentence(ours: Authority, signed: Signed) -> None:
    other = ours.sign("other")
    assert "it is not the key of the certificate in" in sentence(signed.certificate, other.key)


def test_a_file_of_another_form_is_named(signed: Signed, tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("no certificate\n")
    assert sentence(text, signed.key).startswith(f"[hep] tls_certificate {text}: it cannot be used")
    assert sentence(signed.certificate, text).startswith(f"[hep] tls_key {text}: it cannot be used")
    assert sentence(signed.certificate, signed.key, text).startswith(f"[hep] tls_client_ca {text}: it holds no certif")


def test_a_key_with_a_passphrase_is_one_sentence_and_asks_nobody(signed: Signed, tmp_path: Path) -> None:
    locked = tmp_path / "locked.key"
    command = ["openssl", "pkey", "-in", str(signed.key), "-aes256", "-passout", "pass:abcd", "-out", str(locked)]
    subprocess.run(command, check=True, capture_output=True)
    assert "a passphrase protects it" in sentence(signed.certificate, locked)


@pytest.mark.parametrize(
    ("reason", "counted"),
    [
        ("PEER_DID_NOT_RETURN_A_CERTIFICATE", "refused-tls-certificate"),
        ("CERTIFICATE_VERIFY_FAILED", "refused-tls-certificate"),
        ("UNSUPPORTED_PROTOCOL", "refused-tls-handshake"),
    ],
)
def test_a_handshake_that_fails_is_counted_by_its_reason(reason: str, counted: str) -> None:
    error = ssl.SSLError(1, f"[SSL: {reason}]")
    error.reason = reason
    assert tls.refusal(error) == counted
    assert tls.refusal(ConnectionResetError(104, "reset")) == "refused-tls-handshake"


def test_files_that_are_being_replaced_are_looked_at_again(signed: Signed, tmp_path: Path) -> None:
    files = settings(tmp_path / "cert.pem", tmp_path / "key.pem")
    held = Certificates(files)
    assert held.context(1) is None
    shutil.copy(signed.certificate, tmp_path / "cert.pem")
    shutil.copy(signed.key, tmp_path / "key.pem")
    assert held.context(tls.TRY_AGAIN_NS - 1) is None
    context = held.context(tls.TRY_AGAIN_NS)
    assert context is not None
    assert held.context(tls.TRY_AGAIN_NS + 1) is context
