"""A mail server on this machine that keeps what it is given, with TLS if wanted, and that can refuse."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from ssl import Purpose, SSLContext, create_default_context

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HOST = "127.0.0.1"


class Catcher:
    """What arrived, who signed in, and what is refused."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.logins: list[list[str]] = []
        self.port = 0
        self.refuses = ""
        self.stop: Callable[[], None] = lambda: None

    def sign_in(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: object) -> AuthResult:
        assert isinstance(given, LoginPassword)
        self.logins.append([given.login.decode(), given.password.decode()])
        return AuthResult(success=self.refuses != "login", handled=False)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refuses == "mail":
            return "451 Come back later"
        self.mails.append(BytesParser(policy=default).parsebytes(envelope.content))
        return "250 Taken"

    def links(self) -> list[str]:
        """Return every link to choose a new password in the mail that arrived."""
        return [word for mail in self.mails for word in mail.get_content().split() if "/admin/reset/" in word]


@contextmanager
def mail_catcher(tls: str = "", certificate: Path | None = None) -> Iterator[Catcher]:
    """Start it on a free port, with `starttls` or `implicit` TLS by this certificate, or in the clear."""
    catcher, more = Catcher(), {}
    if certificate:
        more = {"ssl_context" if tls == "implicit" else "tls_context": serving(certificate)}
    with socket.create_server((HOST, 0)) as free:
        catcher.port = free.getsockname()[1]
    server = Controller(
        catcher, hostname=HOST, port=catcher.port, authenticator=catcher.sign_in, auth_require_tls=tls == "starttls",
        require_starttls=tls == "starttls", **more,
    )  # fmt: skip
    server.start()
    catcher.stop = server.stop
    try:
        yield catcher
    finally:
        with suppress(AssertionError):
            server.stop()


def serving(certificate: Path) -> SSLContext:
    context = create_default_context(Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


def make_certificate(path: Path) -> Path:
    """Write a key and a certificate signed by itself, for this machine alone and an hour: its own authority."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name.from_rfc4514_string("CN=mail.example.com")
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject_name=name, issuer_name=name, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    kept = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, *kept) + made.public_bytes(serialization.Encoding.PEM)
    )
    return path
