"""One function per command: it does the work and returns the exit code."""

# A command imports its own part: `teams work` carries no web server, and no command waits for what it does not use.
import argparse
import asyncio
import logging
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth import actions, identities, second_step
from teams.kit import logs
from teams.kit.clock import AMSTERDAM
from teams.kit.db import Database
from teams.kit.faults import owner_url, settings_faults
from teams.kit.settings import Settings

log = logging.getLogger("teams")


def demo(args: argparse.Namespace) -> int:
    from teams.demo.run import Demo, default_folder, run

    folder = (args.data or default_folder()).resolve()
    return run(Demo(folder, args.port, args.fresh, args.today, args.reload))


def serve(args: argparse.Namespace) -> int:
    import uvicorn

    from teams.http.draining import KEEP
    from teams.kit.faults import need_port

    settings = Settings()
    logs.start(settings.log)
    need_port(args.host, args.port)
    if not settings.demo:
        log.info("web op %s://%s:%d", "https" if settings.tls_certificate else "http", args.host, args.port)
    config: dict[str, Any] = {
        "factory": True, "host": args.host, "port": args.port, "loop": "uvloop", "http": "httptools", "ws": "none",
        "access_log": False, "server_header": False, "proxy_headers": False, "log_config": None,
        "log_level": "warning", "timeout_graceful_shutdown": 10, "timeout_keep_alive": KEEP,
        "ssl_certfile": settings.tls_certificate, "ssl_keyfile": settings.tls_key,
    }  # fmt: skip
    if args.reload:
        uvicorn.run("teams.cli:application", reload=True, reload_dirs=[str(Path(__file__).parents[1])], **config)
        return 0
    if settings.metrics_port:  # prometheus_client looks for it once, when it is imported
        os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="teams-metrics-"))
    from teams.http.server import serve

    serve(
        uvicorn.Config("teams.cli:application", workers=args.workers, **config),
        grace=settings.drain_seconds, metrics=settings.metrics_port, metrics_host=settings.metrics_host,
        tls=(settings.tls_certificate, settings.tls_key),
    )  # fmt: skip
    return 0


def work(args: argparse.Namespace) -> int:
    from teams.jobs.work import work

    settings = Settings()
    logs.start(settings.log)
    asyncio.run(work(settings))
    return 0


def logboek(args: argparse.Namespace) -> int:
    from teams.jobs.logboek import run

    return run(Settings(), args)


def migrate(args: argparse.Namespace) -> int:
    from teams.kit.migrate import migrate, newest

    migrate(owner_url(Settings()))
    print(f"Het schema is {newest()}.")
    return 0


def check(args: argparse.Namespace) -> int:
    from teams.jobs.check import check, unknown_settings

    try:
        settings = Settings()
    except ValidationError as error:
        print("\n".join(f"FOUT: {sentence}" for sentence in settings_faults(error)), unknown_settings(), sep="\n")
        return 1
    findings = asyncio.run(check(settings))
    print("\n".join(map(str, findings)))
    return 0 if all(finding.good for finding in findings) else 1


def seed(args: argparse.Namespace) -> int:
    from teams.demo.run import say
    from teams.demo.seed import seed

    today = args.today or datetime.now(AMSTERDAM).date()
    asyncio.run(seed(owner_url(Settings()), today, say))
    return 0


def export(args: argparse.Namespace) -> int:
    from teams.exchange.everything import export_all

    content = asyncio.run(export_all(owner_url(Settings()), args.map, _say))
    print(f"Alles staat in {args.map}. Inhoud: {content}")
    return 0


def backup(args: argparse.Namespace) -> int:
    from teams.exchange.backup import backup

    print(f"{args.bestand} sha256:{backup(owner_url(Settings()), args.bestand)}")
    return 0


def restore(args: argparse.Namespace) -> int:
    from teams.exchange.backup import restore

    checked = restore(owner_url(Settings()), args.bestand)
    print(
        f"Teruggezet. Het logboek klopt: {checked.leaves} regels, {checked.opened} openingen, {checked.heads} controlepunten."
    )
    return 0


def _say(line: str) -> None:
    print(f"teams: {line}", file=sys.stderr)


def import_(args: argparse.Namespace) -> int:
    if args.soort == "alles":
        from teams.exchange.everything import import_all

        content = asyncio.run(import_all(owner_url(Settings()), args.pad, _say, dry_run=args.dry_run))
        done = "Alles is te lezen; er is niets ingelezen." if args.dry_run else "Alles is ingelezen."
        print(f"{done} Inhoud: {content}")
        return 0
    from teams.exchange.run import run_import

    code, lines = asyncio.run(
        _with_database(lambda db: run_import(db, args.soort, args.pad, dry_run=args.dry_run, namens=args.namens))
    )
    print("\n".join(lines))
    return int(code)


def user_add(args: argparse.Namespace) -> int:
    password = _act(lambda session: actions.add_account(session, args.email, right=args.recht))
    print(f"{args.email} {password}")
    return 0


def user_disable(args: argparse.Namespace) -> int:
    _act(lambda session: actions.disable_account(session, args.email))
    print(f"Het account {args.email} is gesloten.")
    return 0


def user_link(args: argparse.Namespace) -> int:
    issuer = args.issuer or Settings().oidc_issuer
    if not issuer:
        print("Zet TEAMS_OIDC_ISSUER, of noem de inlogdienst met --issuer.", file=sys.stderr)
        return 2
    _act(lambda session: identities.link_identity(session, args.email, issuer, args.kenmerk))
    print(f"{args.email} logt voortaan in als {args.kenmerk} bij {issuer}.")
    return 0


def user_second_step(args: argparse.Namespace) -> int:
    _act(lambda session: second_step.reset_steps(session, args.email))
    print(f"{args.email} heeft geen tweede stap meer en voegt er bij het inloggen een nieuwe toe.")
    return 0


def user_password(args: argparse.Namespace) -> int:
    print(f"{args.email} {_act(lambda session: actions.reset_password(session, args.email))}")
    return 0


def token_create(args: argparse.Namespace) -> int:
    emails = [email.strip() for email in args.person.split(",") if email.strip()]

    async def act(session: AsyncSession) -> list[str]:
        return [f"{email} {await actions.create_token(session, email, args.name)}" for email in emails]

    print("\n".join(_act(act)))
    return 0


def scim_token(args: argparse.Namespace) -> int:
    from teams.auth.scim_tokens import create_scim_token

    print(_act(lambda session: create_scim_token(session, alone=args.alleen)))
    return 0


def bench(args: argparse.Namespace) -> int:
    from teams.app import create_app
    from teams.demo import bench

    sizes = [part for part in bench.SIZES if part <= args.tot]
    parts = [*args.deel, *(["schaal"] if args.schaal else [])]
    return bench.main(parts, args.uit, create_app, bench.Large(args.map, sizes, args.minuten))


def _act(act: Callable[[AsyncSession], Awaitable[Any]]) -> Any:
    """One act of the administrator: one transaction as the app."""

    async def within(database: Database) -> Any:
        async with database.begin() as session:
            return await act(session)

    return asyncio.run(_with_database(within))


async def _with_database(act: Callable[[Database], Awaitable[Any]]) -> Any:
    database = Database(Settings().database_url, pool=2)
    try:
        return await act(database)
    finally:
        await database.close()
