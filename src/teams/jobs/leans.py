"""Whether what the settings lean on is there: pairs that belong together, files, the mail server, the log-in service."""

import ssl
from asyncio import timeout
from collections.abc import Iterator

from teams.jobs.finding import Finding
from teams.kit.faults import Stopped, variable, why
from teams.kit.settings import Settings

_SECONDS = 5
_TOGETHER = {
    "mail gaat niet uit": (("smtp_url", "mail_from"), ("smtp_url", "mail_from", "public_url")),
    "inloggen met de inlogdienst kan niet": (
        ("oidc_issuer", "oidc_client_id"),
        ("oidc_issuer", "oidc_client_id", "public_url"),
    ),
    "TLS kan niet": (("tls_certificate", "tls_key"), ("tls_certificate", "tls_key")),
}
"""What cannot happen; the settings that show that it is wanted; the settings that it needs."""


async def leans(settings: Settings) -> list[Finding]:
    """Nothing is looked for that is not set."""
    found = [*_together(settings), *_files(settings)]
    if settings.sends_mail:
        found.append(await _mail(settings))
    if settings.has_provider:
        found.append(await _log_in(settings))
    return found


def _together(settings: Settings) -> Iterator[Finding]:
    for cannot, (signs, needed) in _TOGETHER.items():
        missing = [variable(name) for name in needed if not getattr(settings, name)]
        if missing and any(getattr(settings, name) for name in signs):
            yield Finding(
                f"{cannot}: {' en '.join(missing)} ontbreekt", f"Zet ook {' en '.join(missing)}, of geen van alle."
            )


def _files(settings: Settings) -> Iterator[Finding]:
    """Each file that is named is read, by who runs the check."""
    from teams.auth.provider import Provider
    from teams.exchange.directory_roles import ties_in
    from teams.ledger.witness import read_witnesses

    certificate, key = settings.tls_certificate, settings.tls_key
    for name, read in (
        ("tls_certificate", lambda: ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key) if certificate and key else None),
        ("oidc_client_key", lambda: Provider(settings).public_keys()),
        ("scim_groups", lambda: ties_in(settings.scim_groups)),
        ("witnesses", lambda: _witnesses(len(read_witnesses(settings.witnesses)), settings)),
    ):  # fmt: skip
        if getattr(settings, name) is None:
            continue
        try:
            read()
        except Stopped as wrong:
            yield Finding(f"{variable(name)} klopt niet", str(wrong))
        except Exception as error:  # each kind of file has errors of its own
            told = why(error) if isinstance(error, OSError) and error.filename else f"{error or type(error).__name__}."
            yield Finding(
                f"{variable(name)}: {getattr(settings, name)} is niet te gebruiken", f"Verbeter het bestand. {told}"
            )
        else:
            yield Finding(f"{variable(name)}: {getattr(settings, name)} is te lezen")
    if settings.signer_key.exists() and settings.signer_key.stat().st_mode & 0o077:
        yield Finding(f"anderen mogen {settings.signer_key} lezen", f"Geef: chmod 600 {settings.signer_key}")


def _witnesses(known: int, settings: Settings) -> None:
    if known < settings.witness_quorum:
        raise Stopped(
            f"Er staan {known} getuigen in en {variable('witness_quorum')} is {settings.witness_quorum}: zo wordt niets vastgelegd."
        )


async def _mail(settings: Settings) -> Finding:
    """As far as the first mail: the certificate, and that the server lets us in."""
    from teams.jobs.post import Server

    server, place = Server(settings), (settings.smtp_url or "").rpartition("@")[2].removeprefix("smtps://")
    try:
        async with timeout(_SECONDS):
            await server.connected()
    except Exception as error:  # of aiosmtplib, ssl, the network
        code = getattr(error, "code", None) or type(error).__name__
        return Finding(
            f"de mailserver {place} laat ons niet toe ({code})",
            f"Kijk naar adres, certificaat, gebruiker en wachtwoord in {variable('smtp_url')}.",
        )
    finally:
        await server.close()
    return Finding(f"de mailserver {place} laat ons toe")


async def _log_in(settings: Settings) -> Finding:
    from teams.auth.provider import Provider, ProviderDown

    try:
        await Provider(settings).about()
    except ProviderDown as down:
        return Finding(
            f"de inlogdienst {settings.oidc_issuer} antwoordt niet, of noemt zich anders ({down})",
            f"Schrijf in {variable('oidc_issuer')} letterlijk de issuer, en kijk of die van hier te bereiken is.",
        )
    return Finding(f"de inlogdienst {settings.oidc_issuer} antwoordt")
