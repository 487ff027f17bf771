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

    database_url: str = Field(description="PostgreSQL 18+, role teams_app")
    owner_database_url: str | None = Field(None, description="role teams_owner: migrations and seed only")
    worker_database_url: str | None = Field(None, description="role teams_worker")
    signer_database_url: str | None = Field(None, description="role teams_signer")
    auditor_database_url: str | None = Field(None, description="role teams_auditor")
    direct_database_url: str | None = Field(None, description="past a pooler: leases and LISTEN")
    read_database_url: str | None = Field(None, description="a replica for reading")
    municipality: str = Field("gemeente Zandermeer", description="name on every page")
    hosts: str = Field("", description="host names that are served, with commas; empty: any")
    proxies: str = Field("127.0.0.1", description="addresses whose X-Forwarded-For is believed, with commas")
    pool: int = Field(10, ge=1, le=100, description="database connections of one process")
    account_rate: int = Field(
        0, ge=0, le=100_000, description="requests that one account may make in a minute, in each process; 0: as many as it likes"
    )  # fmt: skip
    tls_certificate: Path | None = Field(
        None,
        description="file with a certificate: `teams serve` and its figures then speak TLS only, also to the proxy",
    )
    tls_key: Path | None = Field(None, description="file with the private key of that certificate")
    second_step: bool = Field(
        True,
        description="who logs in with a password needs a second step, codes of an app; not asked in the demonstration",
    )
    oidc_issuer: str = Field(
        "",
        pattern=r"^(|https?://[^\s?#]+)$",
        description="log-in service (OpenID Connect): its issuer, exactly as it says itself; see inloggen.md",
    )
    oidc_client_id: str = Field("", description="what the log-in service calls Teams")
    oidc_client_secret: SecretStr | None = Field(None, description="secret that Teams shares with the log-in service")
    oidc_client_key: Path | None = Field(
        None, description="or: file with a private key of Teams (PEM, RSA or P-256), for private_key_jwt"
    )
    oidc_subject_claim: str = Field("sub", description="claim by which people are known; Entra ID: oid")
    oidc_scope: str = Field("openid", description="what Teams asks of the log-in service")
    oidc_acr: str = Field("", description="levels of assurance that are good enough, with spaces; empty: any")
    log: Literal["text", "json"] = Field("text", description="text, or json: a line for each request, for a log server")
    metrics_port: int | None = Field(
        None, ge=1, le=65535, description="figures of `teams serve` for Prometheus; not for outside"
    )
    work_metrics_port: int | None = Field(None, ge=1, le=65535, description="the same of `teams work`")
    metrics_host: str = Field("127.0.0.1", description="address on which figures are given")
    drain_seconds: float = Field(0, ge=0, le=120, description="how long to answer as 'not ready' before stopping")
    demo: bool = Field(False, description="demonstration: made-up data, loopback only")
    log_origin: str = Field(
        "mandaat.zandermeer.nl/log1",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9._-]+)+$",
        description="name of the verifiable log: a host of yours, a slash, log1",
    )
    signer_key: Path = Field(Path("log-key"), description="the signer's own key file, mode 0600")
    signer_state: Path = Field(Path("log-state.json"), description="what the signer remembers between runs")
    witnesses: Path | None = Field(None, description="file with the witnesses of the log: a line has address and vkey")
    witness_quorum: int = Field(
        0, ge=0, le=10, description="so many witnesses must sign along before a decision is called recorded"
    )
    security_contact: str = Field(
        "",
        pattern=r"^(|mailto:\S+@\S+|https://\S+)$",
        description="for security.txt: mailto: or https:; empty: no such page",
    )
    smtp_url: str | None = Field(
        None,
        pattern=r"^smtps?://[^\s/?#]+/?$",
        description="where mail goes out: smtps://user:password@host:465, or smtp://host:587 with STARTTLS; none: no mail",
    )
    mail_from: str = Field(
        "",
        pattern=r"^(|[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+)$",
        description="address that mail comes from, of a domain whose SPF and DKIM know the mail server",
    )
    public_url: str = Field(
        "", pattern=r"^(|https?://[^\s/?#]+)/?$", description="how people reach Teams: https://teams.gemeente.nl"
    )
    notice_days: int = Field(
        365, ge=90, le=3650, description="days that notices, mail about them and reminders are kept; then they go"
    )
    stale_wait_days: int = Field(
        30, ge=0, le=365, description="days after the question whether an open klus still stands; without an answer it closes; 0: never"
    )  # fmt: skip
    notification_secret: SecretStr | None = Field(
        None, min_length=32,
        description="what case systems sign their notifications of besluiten with; two with a comma while it changes",
    )  # fmt: skip
    scim_networks: str = Field("", description="networks from which SCIM may come, with commas; empty: any")
    scim_new_people: bool = Field(False, description="SCIM may add people whose employeeNumber is not known")
    scim_groups: Path | None = Field(
        None, description="file that ties groups of the directory to teams and roles: lines groep;team;rol; see scim.md"
    )
    works_council: str | None = Field(None, description="date and reference of the works council's consent (WOR 27)")

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
