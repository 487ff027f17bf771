"""Whether what leaves the machine is encrypted and checked: the databases, and the certificate that people get to see."""

import socket
import ssl
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

from teams.jobs.finding import Finding
from teams.kit.faults import variable
from teams.kit.settings import Settings

DAYS_LEFT = 14
_SECONDS = 5
_HERE = {"", "localhost", "127.0.0.1", "::1", "[::1]"}
_DATABASES = (
    "database_url", "owner_database_url", "worker_database_url", "signer_database_url", "auditor_database_url",
    "direct_database_url", "read_database_url",
)  # fmt: skip


def connections(settings: Settings, *, trusted: ssl.SSLContext | None = None) -> list[Finding]:
    """`trusted`: other authorities than those of this machine."""
    found = [one for name in _DATABASES if (one := _database(name, getattr(settings, name)))]
    place = urlsplit(settings.public_url)
    if place.scheme == "https" and place.hostname:
        found.append(_certificate(place.hostname, place.port or 443, trusted or ssl.create_default_context()))
    elif place.scheme == "http" and place.hostname not in _HERE:
        found.append(Finding("TEAMS_PUBLIC_URL is zonder TLS", "Zet er een proxy met TLS voor en begin met https://."))
    return found


def _database(name: str, url: str | None) -> Finding | None:
    """None when it is in order: ASVS 12.3.2."""
    if url is None:
        return None
    place = urlsplit(url)
    options = parse_qs(place.query)
    hosts = place.netloc.rpartition("@")[2].split(",") + options.get("host", [""])[0].split(",")
    away = {_name(host) for host in hosts if not _name(host).startswith(("/", "%2f", "%2F"))} - _HERE
    if not away or options.get("sslmode") == ["verify-full"]:
        return None
    return Finding(
        f"{variable(name)}: het certificaat van {', '.join(sorted(away))} wordt niet nagekeken",
        "Zet sslmode=verify-full in het adres, met sslrootcert=BESTAND als het een eigen uitgever heeft.",
    )


def _name(host: str) -> str:
    """Without its port."""
    return host[: host.index("]") + 1] if host.startswith("[") else host.partition(":")[0]


def _certificate(host: str, port: int, trusted: ssl.SSLContext) -> Finding:
    """ASVS 12.2.2: an authority that everyone trusts, this name, and days to go. Out of reach from here is no fault."""
    try:
        with (
            socket.create_connection((host, port), _SECONDS) as line,
            trusted.wrap_socket(line, server_hostname=host) as safe,
        ):
            ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str((safe.getpeercert() or {})["notAfter"])), UTC)
    except ssl.SSLCertVerificationError as error:
        return Finding(
            f"het certificaat van {host} is niet te vertrouwen: {error.verify_message}",
            "Neem een certificaat voor deze naam van een uitgever die browsers kennen.",
        )
    except OSError as error:
        return Finding(f"het certificaat van {host} is van hier niet te zien ({type(error).__name__})")
    days = (ends - datetime.now(UTC)).days
    mend = (
        f"Vernieuw het; dit hoort vanzelf te gaan, uiterlijk {DAYS_LEFT} dagen van tevoren." if days < DAYS_LEFT else ""
    )
    return Finding(f"het certificaat van {host} is nog {days} dagen goed", mend)
