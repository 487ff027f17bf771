"""Every setting, from the environment (`TEAMS_…`) or a file named by `TEAMS_SETTINGS`."""

import os
from functools import cached_property
from ipaddress import ip_network
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """`database_url` must be set; the others have a default that is right for one machine."""

    model_config = SettingsConfigDict(
        env_prefix="TEAMS_", env_file=os.environ.get("TEAMS_SETTINGS"), extra="ignore", frozen=True
    )

    database_url: str = Field(description="PostgreSQL 18 of nieuwer, rol teams_app")
    owner_database_url: str | None = Field(
        None, description="rol teams_owner: alleen voor migrate, backup, restore, alles en seed"
    )
    worker_database_url: str | None = Field(None, description="rol teams_worker")
    signer_database_url: str | None = Field(None, description="rol teams_signer")
    auditor_database_url: str | None = Field(None, description="rol teams_auditor")
    direct_database_url: str | None = Field(
        None, description="langs een pooler: voor wie leidt en voor live bladzijden"
    )
    read_database_url: str | None = Field(None, description="een replica om van te lezen")
    municipality: str = Field("gemeente Zandermeer", description="naam op elke bladzijde")
    hosts: str = Field("", description="namen waarop Teams antwoordt, met komma's; leeg: elke")
    proxies: str = Field(
        "127.0.0.1", description="adressen van proxy's waarvan X-Forwarded-For geloofd wordt, met komma's"
    )
    pool: int = Field(10, ge=1, le=100, description="verbindingen van één proces met de database")
    account_rate: int = Field(
        0, ge=0, le=100_000, description="verzoeken per minuut die één account mag doen, in elk proces; 0: zoveel als het wil"
    )  # fmt: skip
    tls_certificate: Path | None = Field(
        None,
        description="bestand met een certificaat: `teams serve` en zijn cijfers spreken dan alleen TLS, ook met de proxy",
    )
    tls_key: Path | None = Field(None, description="bestand met de privésleutel van dat certificaat")
    second_step: bool = Field(
        True,
        description="wie met een wachtwoord inlogt, heeft een tweede stap nodig; niet in de demonstratie",
    )
    oidc_issuer: str = Field(
        "",
        pattern=r"^(|https?://[^\s?#/@]+(/[^\s?#]*)?)$",
        description="inlogdienst (OpenID Connect): de issuer, letterlijk zoals de dienst die zelf noemt; zie inloggen.md",
    )
    oidc_client_id: str = Field("", description="de naam van Teams bij de inlogdienst")
    oidc_client_secret: SecretStr | None = Field(None, description="geheim dat Teams met de inlogdienst deelt")
    oidc_client_key: Path | None = Field(
        None, description="of: bestand met een privésleutel van Teams (PEM, RSA of P-256), voor private_key_jwt"
    )
    oidc_subject_claim: str = Field("sub", description="claim waaraan iemand herkend wordt; Entra ID: oid")
    oidc_scope: str = Field("openid", description="wat Teams aan de inlogdienst vraagt")
    oidc_acr: str = Field("", description="betrouwbaarheidsniveaus die goed genoeg zijn, met spaties; leeg: elk")
    log: Literal["text", "json"] = Field("text", description="text, of json: een regel per verzoek, voor een logserver")
    metrics_port: int | None = Field(
        None, ge=1, le=65535, description="poort met cijfers van `teams serve` voor Prometheus; niet voor buiten"
    )
    work_metrics_port: int | None = Field(None, ge=1, le=65535, description="hetzelfde van `teams work`")
    metrics_host: str = Field("127.0.0.1", description="adres waarop die cijfers te halen zijn")
    drain_seconds: float = Field(
        0, ge=0, le=120, description="zoveel seconden antwoordt een proces dat stopt nog, als 'niet klaar'"
    )
    demo: bool = Field(False, description="demonstratie: verzonnen gegevens, alleen op deze machine")
    log_origin: str = Field(
        "mandaat.zandermeer.nl/log1",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9._-]+)+$",
        description="naam van het logboek: een naam van de gemeente, een schuine streep, log1; verandert niet meer",
    )
    signer_key: Path = Field(Path("log-key"), description="bestand met de sleutel van de ondertekenaar, rechten 0600")
    signer_state: Path = Field(Path("log-state.json"), description="bestand met wat de ondertekenaar onthoudt")
    witnesses: Path | None = Field(None, description="bestand met de getuigen van het logboek: per regel adres en vkey")
    witness_quorum: int = Field(
        0, ge=0, le=10, description="zoveel getuigen tekenen mee voordat een besluit vastgelegd heet"
    )
    security_contact: str = Field(
        "",
        pattern=r"^(|mailto:\S+@\S+|https://\S+)$",
        description="voor security.txt: mailto: of https:; leeg: geen security.txt",
    )
    smtp_url: str | None = Field(
        None,
        pattern=r"^smtps?://[^\s/?#]+/?$",
        description="mailserver: smtps://naam:wachtwoord@host:465, of smtp://host:587 met STARTTLS; leeg: geen mail",
    )
    mail_from: str = Field(
        "",
        pattern=r"^(|[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+)$",
        description="afzender van de mail, van een domein waarvan SPF en DKIM de mailserver kennen",
    )
    public_url: str = Field(
        "", pattern=r"^(|https?://[^\s/?#]+)/?$", description="hoe mensen Teams bereiken: https://teams.gemeente.nl"
    )
    notice_days: int = Field(
        365, ge=90, le=3650, description="zoveel dagen blijven meldingen, hun mail en herinneringen; dan gaan ze weg"
    )
    stale_wait_days: int = Field(
        30, ge=0, le=365, description="dagen na de vraag of een open klus nog klopt; zonder antwoord sluit zij; 0: nooit"
    )  # fmt: skip
    notification_secret: SecretStr | None = Field(
        None, min_length=32,
        description="geheim waarmee zaaksystemen hun meldingen van besluiten ondertekenen, 32 tekens of meer; twee met een komma tijdens een wissel",
    )  # fmt: skip
    scim_networks: str = Field("", description="netwerken vanwaar SCIM mag komen, met komma's; leeg: elk")
    scim_new_people: bool = Field(False, description="SCIM mag mensen toevoegen van wie het employeeNumber onbekend is")
    scim_groups: Path | None = Field(
        None,
        description="bestand dat groepen van de directory koppelt aan teams en rollen: regels groep;team;rol; zie scim.md",
    )
    works_council: str | None = Field(
        None, description="datum en kenmerk van de instemming van de ondernemingsraad (WOR 27)"
    )

    @field_validator("scim_networks")
    @classmethod
    def _networks(cls, given: str) -> str:
        for one in given.split(","):
            if one.strip():
                ip_network(one.strip(), strict=False)
        return given

    @cached_property
    def log_org(self) -> str:
        """The municipality as a code in every leaf: the name in the log's host."""
        return self.log_origin.split("/", 1)[0]

    @property
    def sends_mail(self) -> bool:
        """Mail needs all three: a server, a sender, and an address for the links."""
        return bool(self.smtp_url and self.mail_from and self.public_url)

    @property
    def has_provider(self) -> bool:
        """Logging in with a service needs all three: the service, our name there, and an address to come back to."""
        return bool(self.oidc_issuer and self.oidc_client_id and self.public_url)

    @cached_property
    def host_list(self) -> frozenset[str]:
        return frozenset(name.strip().lower() for name in self.hosts.split(",") if name.strip())

    @cached_property
    def proxy_list(self) -> frozenset[str]:
        return frozenset(name.strip() for name in self.proxies.split(",") if name.strip())
