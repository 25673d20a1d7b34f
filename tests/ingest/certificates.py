"""Keys and certificates for one test: an authority, what it signs, and what another one signs."""

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]


@dataclass(frozen=True, slots=True)
class Signed:
    """A certificate with its key, PEM files."""

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate authority in a directory."""

    directory: Path
    own: Signed

    def sign(self, name: str, days: int = 10) -> Signed:
        """A certificate for `name`, which is also 127.0.0.1."""
        signed = Signed(self.directory / f"{name}.pem", self.directory / f"{name}.key")
        request = self.directory / f"{name}.csr"
        names = f"subjectAltName=DNS:{name},IP:127.0.0.1"
        _openssl("req", *_KEY, "-subj", f"/CN={name}", "-addext", names, "-keyout", signed.key, "-out", request)
        issuer = ["-CA", self.own.certificate, "-CAkey", self.own.key, "-days", days, "-copy_extensions", "copy"]
        _openssl("x509", "-req", "-in", request, *issuer, "-out", signed.certificate)
        return signed

    def client(self, shown: Signed | None = None) -> ssl.SSLContext:
        """A client that trusts this authority alone, and shows a certificate if given one."""
        context = ssl.create_default_context(cafile=str(self.own.certificate))
        if shown is not None:
            context.load_cert_chain(shown.certificate, shown.key)
        return context


def authority(directory: Path, name: str = "authority") -> Authority:
    """A new authority, in a directory of its own."""
    own = directory / name
    own.mkdir()
    signed = Signed(own / "ca.pem", own / "ca.key")
    _openssl(
        "req", "-x509", *_KEY, "-subj", f"/CN={name}", "-days", 10, "-keyout", signed.key, "-out", signed.certificate
    )
    return Authority(own, signed)


def _openssl(*arguments: object) -> None:
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
