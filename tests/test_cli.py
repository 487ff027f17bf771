"""The command line: what it answers, what it refuses, and its exit codes (contract: 0 good, 1 no, 2 wrong use)."""

import asyncio
import json
import os
from pathlib import Path

import asyncpg
import pytest

from teams.auth.actions import log_in
from teams.auth.sessions import visitor_by_session, visitor_by_token
from teams.cli import main
from teams.kit.db import Database
from tests.conftest import Place
from tests.world import World


@pytest.fixture
def settings(place: Place, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in [name for name in os.environ if name.startswith("TEAMS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TEAMS_DATABASE_URL", place.url())
    monkeypatch.setenv("TEAMS_LOG_ORIGIN", "mandaat.proefdam.example/log1")
    return monkeypatch


async def teams(*words: str) -> int:
    """The commands run their own event loop, so they run in a thread."""
    return await asyncio.to_thread(main, list(words))


async def test_check_finds_what_is_wrong_and_says_how_to_mend_it(
    settings: pytest.MonkeyPatch, place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """The test server gives up durability on purpose: that, and only that, is wrong."""
    assert await teams("check") == 1
    lines = capsys.readouterr().out.splitlines()
    wrong = [line for line in lines if line.startswith("FOUT")]
    assert wrong == ["FOUT: fsync en synchronous_commit en full_page_writes: uit"]
    assert "postgresql.conf" in lines[lines.index(wrong[0]) + 1]
    assert "goed: teams_app is geen eigenaar en kan het journaal alleen aanvullen" in lines
    settings.setenv("TEAMS_DATABASE_URL", place.url("teams_owner"))
    assert await teams("check") == 1
    assert "FOUT: teams_owner is superuser, beheerder of eigenaar van de tabellen" in capsys.readouterr().out


async def test_check_sees_a_role_that_may_rewrite_the_journal(
    settings: pytest.MonkeyPatch, owner: asyncpg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    await owner.execute("grant update on journal to teams_app")
    assert await teams("check") == 1
    assert "FOUT: teams_app kan het journaal herschrijven" in capsys.readouterr().out


async def test_check_sees_an_old_schema_and_a_misspelt_setting(
    settings: pytest.MonkeyPatch, owner: asyncpg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    await owner.execute("update alembic_version set version_num = 'vroeger'")
    settings.setenv("TEAMS_DATABSE_URL", "x")
    assert await teams("check") == 1
    out = capsys.readouterr().out
    assert "FOUT: het schema is vroeger" in out
    assert "teams migrate" in out
    assert "FOUT: onbekende instelling: TEAMS_DATABSE_URL" in out


async def test_an_unknown_database_and_a_server_that_is_away_get_one_sentence(
    settings: pytest.MonkeyPatch, place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    for url, said in (
        (place.server.url("teams_app", "bestaat_niet"), "Deze database bestaat niet op de server."),
        (place.server.url("niemand", place.name), "De server laat deze rol niet toe."),
        ("postgresql://teams_app@127.0.0.1:1/teams", "De database is niet te bereiken."),
        ("zomaar wat", "Het adres van de database is niet te lezen."),
    ):
        settings.setenv("TEAMS_DATABASE_URL", url)
        assert await teams("user", "password", "aya@proefdam.example") == 1
        error = capsys.readouterr().err
        assert said in error
        assert error.count("\n") == 1, "no traceback"


async def test_user_add_gives_a_first_password_and_never_a_second_secretary(
    settings: pytest.MonkeyPatch,
    db: Database,
    owner: asyncpg.Connection,
    world: World,
    capsys: pytest.CaptureFixture[str],
) -> None:
    await owner.execute("delete from account_right; delete from account")
    assert await teams("user", "add", "aya@proefdam.example", "--recht", "secretaris") == 0
    email, password = capsys.readouterr().out.split()
    assert email == "aya@proefdam.example"
    session_id = (await log_in(db, email, password, address="::1", device="test", old=None)).id
    async with db.read() as session:
        visitor = await visitor_by_session(session, session_id)
    assert visitor is not None and visitor.must_change and visitor.is_secretary
    assert await teams("user", "add", "bram@proefdam.example", "--recht", "secretaris") == 1
    assert "Er is al een gemeentesecretaris." in capsys.readouterr().err
    assert await teams("user", "add", "niemand@proefdam.example") == 1
    assert "Er is niemand met het e-mailadres niemand@proefdam.example." in capsys.readouterr().err


async def test_user_disable_ends_tokens_and_password_ends_sessions(
    settings: pytest.MonkeyPatch,
    db: Database,
    owner: asyncpg.Connection,
    world: World,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert await teams("token", "create", "--person", "aya@proefdam.example", "--name", "proef") == 0
    token = capsys.readouterr().out.split()[1]
    assert await teams("user", "password", "aya@proefdam.example") == 0
    assert await teams("user", "disable", "aya@proefdam.example") == 0
    async with db.read() as session:
        assert await visitor_by_token(session, token) is None
    verbs = [row[0] for row in await owner.fetch("select verb from journal order by id")]
    assert verbs == ["account.token_created", "account.password_reset", "account.disabled"]


async def test_token_create_gives_a_line_for_each_person_or_nothing_at_all(
    settings: pytest.MonkeyPatch,
    db: Database,
    owner: asyncpg.Connection,
    world: World,
    capsys: pytest.CaptureFixture[str],
) -> None:
    both = "aya@proefdam.example,bram@proefdam.example"
    assert await teams("token", "create", "--person", both, "--name", "koppeling") == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [email for email, _ in lines] == both.split(",")
    async with db.read() as session:
        for email, token in lines:
            visitor = await visitor_by_token(session, token)
            assert visitor is not None and visitor.email == email
    assert await teams("token", "create", "--person", f"{both},niemand@proefdam.example", "--name", "nog een") == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Er is geen account voor niemand@proefdam.example." in captured.err
    assert await owner.fetchval("select count(*) from api_token") == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "er ontbreekt: OPDRACHT"),
        (("dansen",), "'dansen' kan niet bij OPDRACHT; kies uit"),
        (("user", "add", "a@b.nl", "--recht", "koning"), "'koning' kan niet bij --recht; kies uit"),
        (("serve", "--port", "acht"), "bij --port hoort een getal, niet 'acht'"),
        (("demo", "--today", "morgen"), "--today: 'morgen' is geen datum; schrijf jjjj-mm-dd"),
        (("check", "--snel"), "onbekend: --snel"),
        (("token", "create", "--person"), "bij --person hoort een waarde"),
    ],
)
def test_wrong_use_is_2_with_a_dutch_sentence(
    words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(list(words))
    assert stop.value.code == 2
    error = capsys.readouterr().err
    assert error.startswith(f"teams: {said}")
    assert error.count("\n") == 1


def test_without_the_demonstration_its_commands_are_not_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As in the image of deploy/Containerfile, which leaves `teams/demo` out."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    for name in ("demo", "seed", "bench"):
        with pytest.raises(SystemExit):
            main([name])
        assert f"'{name}' kan niet bij OPDRACHT" in capsys.readouterr().err


def test_a_missing_setting_is_wrong_use(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("TEAMS_DATABASE_URL", raising=False)
    assert main(["work"]) == 2
    assert "TEAMS_DATABASE_URL ontbreekt" in capsys.readouterr().err


def test_the_signer_writes_its_lines_as_the_setting_says(
    settings: pytest.MonkeyPatch, place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """BIO2 8.15.01 on what a process says of itself, also the sentence with which it stops."""
    settings.setenv("TEAMS_SIGNER_DATABASE_URL", place.url("teams_signer"))
    settings.setenv("TEAMS_SIGNER_KEY", str(tmp_path / "key"))
    settings.setenv("TEAMS_SIGNER_STATE", str(tmp_path / "state"))
    settings.setenv("TEAMS_LOG", "json")
    assert main(["sign"]) == 1
    (line,) = [json.loads(one) for one in capsys.readouterr().err.splitlines()]
    assert "teams sign --begin" in line["message"] and line["timestamp"].endswith("Z")
    assert {"action", "object", "result", "origin", "actor"} <= line.keys() and line["result"] == "error"


async def test_migrate_needs_the_owner(
    settings: pytest.MonkeyPatch, place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await teams("migrate") == 1
    assert "TEAMS_OWNER_DATABASE_URL ontbreekt" in capsys.readouterr().err
    settings.setenv("TEAMS_OWNER_DATABASE_URL", place.url("teams_owner"))
    assert await teams("migrate") == 0
    assert capsys.readouterr().out.startswith("Het schema is ")
