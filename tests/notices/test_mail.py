"""Mail through a real server: whom, in which words and headers, when not, what if it fails (standards rows 29 and 35)."""

import re
import socket
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from uuid import UUID

import asyncpg
import pytest
from aiosmtplib.email import flatten_message
from hypothesis import example, given
from hypothesis import settings as few
from hypothesis import strategies as st

from teams.jobs.letters import address, write_letter
from teams.jobs.notices import tell_what_happened
from teams.jobs.post import send_mail
from teams.kit.clock import AMSTERDAM
from teams.kit.db import Database
from teams.kit.errors import Invalid
from teams.notices.choices import Choices, choices_of, choose
from teams.notices.hears import Kind, Mail
from teams.notices.post import WAITS, Letter, gather, last_cut, send_again, stop_from, stop_token
from teams.notices.queries import Notice, mail_failures, mark_read
from tests.conftest import Place
from tests.klussen.acts import claim
from tests.klussen.test_claim import posted
from tests.notices.scene import daytime, gather_and_send_mail, mail_server, settings, told, waiting_mail
from tests.world import TODAY, World

NOW = datetime.now(UTC)


async def wants(db: Database, world: World, who: str, **mails: str) -> None:
    async with db.begin() as session:
        await choose(session, world.people[who], mails, "", "")


async def one_claim(db: Database, world: World, *, title: str = "Bomen tellen") -> None:
    klus = await posted(db, world, titel=title)
    await claim(db, world, "cato", klus.id)


async def test_a_notice_goes_out_in_text_and_html_with_the_headers_that_are_due(
    db: Database, place: Place, owner: asyncpg.Connection, world: World
) -> None:
    await daytime(owner)
    await wants(db, world, "aya", beheer="direct")
    await one_claim(db, world)
    async with mail_server() as box:
        await tell_what_happened(db, settings(place, box.port))
        await gather_and_send_mail(db, settings(place, box.port))
        await gather_and_send_mail(db, settings(place, box.port))
    [mail] = box.mails
    assert box.envelopes == [("teams@proefdam.example", ["aya@proefdam.example"])]
    assert mail["Subject"] == "Cato Proef doet mee aan Bomen tellen."
    assert mail["From"].addresses[0].addr_spec == "teams@proefdam.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    made = await owner.fetchval("select id from mail")
    assert mail["Message-ID"] == f"<{made}@proefdam.example>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<https://teams\.test/meldingen/afmelden/[0-9a-z.]+>", mail["List-Unsubscribe"])
    assert {part.get_content_type() for part in mail.iter_parts()} == {"text/plain", "text/html"}
    for kind in ("plain", "html"):
        body = mail.get_body((kind,))
        assert body is not None
        words = body.get_content()
        assert "Cato Proef doet mee aan Bomen tellen." in words and "https://teams.test/klussen/" in words
        assert "/meldingen/afmelden/" in words
    assert await waiting_mail(owner) == ["direct verstuurd"]
    assert re.search(rb"(?m)^List-Unsubscribe: <https://teams\.test/meldingen/afmelden/[0-9a-z.]+>\r$", box.raw[0])
    assert max(map(len, box.raw[0].splitlines())) <= 998


@pytest.mark.parametrize("host", ["teams.test", "teams." + "gemeente-met-een-lange-naam." * 6 + "test"])
def test_headers_that_programs_read_stand_there_letter_by_letter(host: str) -> None:
    """RFC 2369, RFC 8058: an address in a header is never folded or encoded, however long it is."""
    about = SimpleNamespace(municipality="Proefdam", public_url=f"https://{host}", mail_from=f"teams@{host}")
    notice = Notice(UUID(int=2), "claim.made:beheerders", {"klus": str(UUID(int=3))}, NOW, None)
    letter = Letter(UUID(int=1), UUID(int=4), "direct", 0, "aya@proefdam.example", "nl", "Aya", (notice,))
    token = f"{'0' * 32}.beheer.{'a' * 48}"
    mail = write_letter(letter, {}, about, token=token, at=NOW)  # type: ignore[arg-type]
    sent = flatten_message(mail).decode()
    assert f"\r\nList-Unsubscribe: <https://{host}/meldingen/afmelden/{token}>\r\n" in sent
    assert f"\r\nMessage-ID: <{letter.id}@{host}>\r\n" in sent


async def test_english_for_who_reads_english(
    db: Database, place: Place, owner: asyncpg.Connection, world: World
) -> None:
    await daytime(owner)
    await owner.execute("update account set language = 'en'")
    await wants(db, world, "aya", beheer="direct")
    await one_claim(db, world)
    async with mail_server() as box:
        await tell_what_happened(db, settings(place, box.port))
        await gather_and_send_mail(db, settings(place, box.port))
    assert box.mails[0]["Content-Language"] == "en"
    assert box.mails[0]["Subject"] == "Cato Proef takes part in Bomen tellen."


async def test_without_a_mail_server_nothing_waits_to_be_sent_later(
    db: Database, place: Place, owner: asyncpg.Connection, world: World
) -> None:
    await wants(db, world, "aya", beheer="direct")
    await one_claim(db, world)
    assert await told(db, place, world, "aya") == ["Cato Proef doet mee aan Bomen tellen."]
    await gather_and_send_mail(db, settings(place))
    assert await waiting_mail(owner) == []


@few(max_examples=30)
@given(st.text(st.characters(codec="utf-8", exclude_categories=[]), min_size=1, max_size=80))
def test_nothing_that_people_type_gets_into_a_header(title: str) -> None:
    """A line end with `Bcc:` in the name of a klus stays text, in one subject, to one recipient (catalogue row 35)."""
    from uuid import uuid4

    klus = uuid4()
    notice = Notice(uuid4(), "claim.offered:persoon", {"klus": str(klus)}, NOW, None)
    letter = Letter(uuid4(), uuid4(), "direct", 1, "aya@proefdam.example", "nl", f"Aya\r\nBcc: {title}", (notice,))
    options = SimpleNamespace(
        municipality="gemeente\r\nX: y", public_url="https://teams.test", mail_from="t@proefdam.example"
    )
    name = f"Schouw\r\nBcc: iedereen@elders.example\r\n\r\n{title}"
    mail = write_letter(letter, {klus: name}, options, token="a.b.c", at=NOW)  # type: ignore[arg-type]
    head = bytes(mail).split(b"\r\n\r\n", 1)[0]
    names = [line.split(b":")[0].lower() for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))]
    assert b"bcc" not in names and b"x" not in names and len(names) == len(set(names))
    assert [one.addr_spec for one in mail["To"].addresses] == ["aya@proefdam.example"]


@pytest.mark.parametrize("word", ["q?x=0D=0ABcc:_a@elders.example=0D=0A=0D=0Amijn_tekst", "b?DQpCY2M6IGFAYi5ubA0KDQo="])
async def test_row_35_an_encoded_word_in_a_name_is_text(
    db: Database, place: Place, owner: asyncpg.Connection, world: World, word: str
) -> None:
    """What arrives has the headers that are due, one recipient, and the word as it was typed."""
    await daytime(owner)
    await wants(db, world, "aya", beheer="direct")
    await one_claim(db, world, title=f"Schouw =?utf-8?{word}?=")
    async with mail_server() as box:
        given = settings(place, box.port).model_copy(update={"municipality": f"gemeente =?utf-8?{word}?="})
        await tell_what_happened(db, given)
        await gather_and_send_mail(db, given)
    [mail], [raw] = box.mails, box.raw
    assert (
        b"\nBcc" not in raw.split(b"\r\n\r\n", 1)[0]
        and mail["Bcc"] is None
        and b"Message-ID" in raw.split(b"\r\n\r\n")[0]
    )
    assert (
        mail["Subject"].strip().startswith("Cato Proef doet mee aan Schouw = ?utf-8?") and "\n" not in mail["Subject"]
    )


@pytest.mark.parametrize(
    "bad",
    [
        "=?utf-8?q?x=0D=0A?=@b.nl",
        "",
        "aya",
        "a@b.nl\r\nBcc: c@d.nl",
        "a@b.nl, c@d.nl",
        "a b@c.nl",
        "<a@b.nl>",
        "a@",
        "@b.nl",
        "a@b.nl;c@d.nl",
    ],
)
def test_an_address_is_one_address(bad: str) -> None:
    with pytest.raises((ValueError, UnicodeError)):
        address(bad)


def test_an_address_in_another_script_is_written_as_the_net_wants_it() -> None:
    assert address("aya@böomen.example").addr_spec == "aya@xn--bomen-jua.example"


async def test_a_server_that_is_away_loses_nothing_and_is_asked_with_growing_pauses(
    db: Database, place: Place, owner: asyncpg.Connection, world: World
) -> None:
    await daytime(owner)
    await wants(db, world, "aya", beheer="direct")
    await one_claim(db, world)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = settings(place, port)
    await tell_what_happened(db, options)
    for tries in range(1, len(WAITS) + 1):
        assert await send_mail(db, options) == 0
        row = await owner.fetchrow("select state, tries, fault, next_at - now() as pause from mail")
        assert (row["state"], row["tries"], row["fault"]) == ("wacht", tries, "SMTPConnectError")
        assert abs(row["pause"] - WAITS[tries - 1]) < timedelta(seconds=30)
        assert await send_mail(db, options) == 0, "not before its moment"
        assert await owner.fetchval("select tries from mail") == tries
        await owner.execute("update mail set next_at = now()")
    assert await send_mail(db, options) == 0
    assert await waiting_mail(owner) == ["direct mislukt"], "given up, and listed for the administrator"
    async with db.begin() as session:
        [failure] = await mail_failures(session)
        assert (failure.email, failure.fault) == ("aya@proefdam.example", "SMTPConnectError")
        assert await send_again(session, failure.id)
    async with mail_server() as box:
        assert await send_mail(db, settings(place, box.port)) == 1
    assert len(box.mails) == 1


async def test_an_address_that_the_server_refuses_is_listed_at_once_and_the_next_goes_out(
    db: Database, place: Place, owner: asyncpg.Connection, world: World
) -> None:
    await daytime(owner)
    for who in ("aya", "bram"):
        await wants(db, world, who, beheer="direct", team="direct")
    await one_claim(db, world)
    async with mail_server() as box:
        box.answer = "550 no such user"
        await tell_what_happened(db, settings(place, box.port))
        await send_mail(db, settings(place, box.port))
    assert await waiting_mail(owner) == ["direct mislukt"]
    assert await owner.fetchval("select fault from mail") == "SMTP 550"


async def test_busy_is_tried_again(db: Database, place: Place, owner: asyncpg.Connection, world: World) -> None:
    await daytime(owner)
    await wants(db, world, "aya", beheer="direct")
    await one_claim(db, world)
    async with mail_server() as box:
        box.accept = "451 later"
        await tell_what_happened(db, settings(place, box.port))
        await send_mail(db, settings(place, box.port))
        assert await waiting_mail(owner) == ["direct wacht"]
        box.accept = "250 OK"
        await owner.execute("update mail set next_at = now()")
        assert await send_mail(db, settings(place, box.port)) == 1


async def test_a_day_is_one_mail_and_what_was_read_is_not_in_it(
    db: Database, place: Place, owner: asyncpg.Connection, world: World
) -> None:
    await daytime(owner)
    await one_claim(db, world, title="Bomen tellen")
    await one_claim(db, world, title="Sloten meten")
    async with mail_server() as box:
        options = settings(place, box.port)
        await tell_what_happened(db, options)
        await owner.execute("update notice set at = now() - interval '2 days'")
        async with db.begin() as session:
            first = await owner.fetchval(
                "select id from notice where person_id = $1 order by id limit 1", world.people["aya"]
            )
            await mark_read(session, world.people["aya"], ids=[first])
        for _ in range(3):
            await gather_and_send_mail(db, options)
    [mail] = [mail for mail in box.mails if "aya" in mail["To"]]
    body = mail.get_body(("plain",))
    assert body is not None
    assert "Sloten meten" in body.get_content() and "Bomen tellen" not in body.get_content()
    assert mail["Subject"] == "Wat er vandaag voor je is"


async def test_choices_are_checked_and_kept(db: Database, world: World) -> None:
    me = world.people["aya"]
    async with db.begin() as session:
        for mails, first, last, wrong in (
            ({"account": "nooit"}, "", "", {"account"}), ({"klussen": "soms"}, "", "", {"klussen"}),
            ({}, "25:00", "7:00", {"stil_van"}), ({}, "19:00", "", {"stil_tot"}), ({}, "zeven", "7:0", {"stil_van", "stil_tot"}),
        ):  # fmt: skip
            with pytest.raises(Invalid) as refused:
                await choose(session, me, mails, first, last)
            assert set(refused.value.fields) == wrong
        await choose(session, me, {"klussen": "week"}, "22.00", "6:15")
        mine = (await choices_of(session, [me]))[me]
    assert (mine.mail(Kind.KLUSSEN), mine.mail(Kind.ANSWER), mine.mail(Kind.ACCOUNT)) == (Mail.WEEK, Mail.NOW, Mail.NOW)
    assert (mine.quiet_from, mine.quiet_until) == (time(22), time(6, 15))


CLOCK_NIGHTS = (
    datetime(2026, 10, 24, 12, tzinfo=UTC),
    datetime(2027, 3, 27, 12, tzinfo=UTC),
    datetime(2028, 2, 28, 12, tzinfo=UTC),
)


@given(
    st.sampled_from(CLOCK_NIGHTS), st.integers(0, 48 * 60), st.times(), st.times()
)  # fmt: skip
@example(CLOCK_NIGHTS[0], 13 * 60 + 10, time(22), time(2, 30))
@example(CLOCK_NIGHTS[1], 13 * 60 + 10, time(22), time(2, 30))
def test_quiet_hours_end_within_a_day_also_in_the_nights_that_the_clock_moves(
    night: datetime, minutes: int, first: time, last: time
) -> None:
    """The second 2.10 of an October night is as quiet as the first, for who is quiet until 2.30."""
    at = night + timedelta(minutes=minutes)
    mine = Choices({}, first, last)
    sent = mine.send_at(at)
    assert at <= sent <= at + timedelta(hours=25)
    assert mine.send_at(sent) == sent, "when it goes, it is not quiet"
    if first == last:
        assert sent == at


@given(st.sampled_from([Mail.DAY, Mail.WEEK]), st.sampled_from(CLOCK_NIGHTS), st.integers(0, 20 * 24 * 60))
def test_each_day_and_week_has_one_moment_of_gathering(sort: Mail, start: datetime, minutes: int) -> None:
    """A property over both nights, the leap day and jumps of the clock: never in the future, the next is a day or week on."""
    at = start + timedelta(minutes=minutes)
    cut, day = last_cut(sort, at)
    step = timedelta(days=1 if sort is Mail.DAY else 7)
    assert cut <= at < cut + step + timedelta(hours=1)
    assert cut.astimezone(AMSTERDAM).time() == time(7, 30)
    assert sort is Mail.DAY or day.weekday() == 0
    following, next_day = last_cut(sort, cut + step + timedelta(hours=1))
    assert next_day == day + step and following > cut
    assert isinstance(day, date)


async def test_a_clock_that_jumps_back_and_forth_gathers_once(
    db: Database, place: Place, owner: asyncpg.Connection, world: World
) -> None:
    await daytime(owner)
    await one_claim(db, world)
    await tell_what_happened(db, settings(place, 1))
    base = datetime.combine(TODAY + timedelta(days=1), time(7, 31), AMSTERDAM)
    for jump in (0, 10, -10, 0, 60 * 20, 0):
        async with db.begin() as session:
            await gather(session, Mail.DAY, at=base + timedelta(minutes=jump))
    assert await waiting_mail(owner, world.people["aya"]) == ["dag wacht"]


async def test_a_token_is_readable_by_us_only(db: Database, world: World) -> None:
    async with db.read() as session:
        token = await stop_token(session, world.people["aya"], [Kind.KLUSSEN, Kind.TEAM])
        assert await stop_from(session, token) == (world.people["aya"], {Kind.KLUSSEN, Kind.TEAM})
        other = token.replace(world.people["aya"].hex, world.people["bram"].hex)
        for bad in (other, token[:-1], token.replace("klussen", "antwoord"), "", ".", "a.b.c", "é.é.é"):
            assert await stop_from(session, bad) is None
