"""Mail goes over TLS with a certificate that is verified: to whoever cannot prove who it is, nothing is handed over (row 35)."""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from teams.jobs.notices import tell_what_happened
from teams.jobs.post import Server, send_mail
from teams.kit.db import Database
from tests.conftest import Place
from tests.klussen.acts import claim
from tests.klussen.test_claim import posted
from tests.notices.scene import daytime, mail_server, settings, waiting_mail
from tests.world import World


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Self-signed, for 127.0.0.1; key and certificate in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.proefdam.example")])
    at = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(at - timedelta(days=1)).not_valid_after(at + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path / "mail.pem"
    path.write_bytes(key.private_bytes(*plain) + made.public_bytes(serialization.Encoding.PEM))
    return path


async def test_a_certificate_that_nobody_vouches_for_gets_no_mail(
    db: Database, place: Place, owner: asyncpg.Connection, world: World, certificate: Path
) -> None:
    await daytime(owner)
    await owner.execute(
        "insert into notice_choice (person_id, kind, mail) values ($1, 'beheer', 'direct')", world.people["aya"]
    )
    klus = await posted(db, world)
    await claim(db, world, "cato", klus.id)
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(certificate)
    async with mail_server(tls=theirs) as box:
        options = settings(place, box.port).model_copy(update={"smtp_url": f"smtps://127.0.0.1:{box.port}"})
        await tell_what_happened(db, options)
        assert await send_mail(db, options) == 0
        assert box.mails == [] and await waiting_mail(owner) == ["direct wacht"]
        await owner.execute("update mail set next_at = now()")
        trusted = Server(options, trust=ssl.create_default_context(cafile=certificate))
        assert await send_mail(db, options, trusted) == 1
    assert len(box.mails) == 1


async def test_a_server_elsewhere_without_starttls_gets_no_mail(place: Place) -> None:
    """`smtp://` to another machine asks for STARTTLS; only on this machine plain is allowed."""
    async with mail_server() as box:
        options = settings(place, box.port).model_copy(update={"smtp_url": f"smtp://127.0.0.2:{box.port}"})
        server = Server(options)
        with pytest.raises(Exception, match=r"(?i)starttls"):
            await server.connected()
