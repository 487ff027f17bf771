"""Booked hours, the stages of vacancies, baselines and savings of Zandermeer: what the figures are made of."""

from datetime import date, timedelta
from uuid import UUID

import asyncpg

from teams.kit.clock import start_of
from teams.klussen.savings import structural, vacant

# One booking a week on a day that differs by claim; at most eight hours a day, and nothing in the running week.
_HOURS = """
    insert into hours_booking (claim_id, person_id, day, tenths, booked_by, at)
    select c.id, c.person_id, w.day, greatest(5, least(80, round((c.hours * 10 / case when k.hours_total is null then 1 else x.weeks end)
            * (80 + (k.number * 7 + w.n * 13) % 41) / 100 / 5) * 5))::int, c.person_id,
        w.day::timestamp at time zone 'Europe/Amsterdam' + interval '17 hours'
    from claim c join klus k on k.id = c.klus_id
    cross join lateral (select greatest(k.starts, (c.at at time zone 'Europe/Amsterdam')::date) as first,
        least(c.ended_on, coalesce(k.ends, case when k.hours_total is null then date 'infinity' else k.starts end),
            date_trunc('week', $1::date)::date - 1) as last) p
    cross join lateral (select greatest(1, ceil((p.last - p.first + 1) / 7.0)) as weeks) x
    cross join lateral (select n, p.first + (7 * n)::int as day from generate_series(0, (p.last - p.first) / 7) n) w
    where c.state in ('lopend', 'afgerond', 'teruggegeven') and k.kind <> 'vacature' and p.first <= p.last
    order by w.day, c.id
"""
_DAYS = """
    select person_id, day, sum(tenths) from hours_booking group by 1, 2 having sum(tenths) > 240
"""
_WEEKS = """
    insert into hours_week (klus_id, monday, tenths, approved_by, at)
    select k.id, date_trunc('week', b.day)::date, sum(b.tenths), k.posted_by, date_trunc('week', b.day) + interval '8 days 9 hours'
    from hours_booking b join claim c on c.id = b.claim_id join klus k on k.id = c.klus_id
    where b.day < $1::date - 14 group by k.id, k.posted_by, date_trunc('week', b.day) having bool_and(b.person_id <> k.posted_by)
"""
_VACANCIES = """
    select k.id, k.number, k.state, k.posted_by, (k.created_at at time zone 'Europe/Amsterdam')::date as posted, k.starts, k.hours_min,
        (select c.person_id from claim c where c.klus_id = k.id and c.state = 'afgerond' limit 1) as person
    from klus k where k.kind = 'vacature' and k.state <> 'concept' order by k.created_at, k.number
"""
_DECISIONS = """
    select number, (decided_at at time zone 'Europe/Amsterdam')::date as day from decision
    where power = 'HRM-01' and outcome = 'bevoegd' and not confidential order by decided_at
"""
_STAGE = """
    insert into vacancy_stage (klus_id, step, stage, starts, minimum_days, skipped, reason, filled_from, person_id, decision, made_by, at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $4::date::timestamp at time zone 'Europe/Amsterdam' + interval '9 hours')
"""
_GAP = "insert into vacancy_gap (klus_id, kind, next_id, reason, made_by) values ($1, $2, $3, $4, $5)"
_BASELINE = """
    insert into klus_baseline (klus_id, hired, rate_cents, quote, made_by, at)
    select id, number % 5 = 0, case when number % 5 = 0 then 7500 + number % 9 * 500 end,
        case when number % 5 = 0 then 'Raamcontract inhuur, tarief ' || extract(year from created_at) else '' end, posted_by, created_at
    from klus where kind <> 'vacature' and hours_total is null
"""
_HIRED = """
    insert into saving (type, klus_id, place_id, tenths, rate_cents, cents, starts, ends, ground, state, made_by, at, settled_by, settled_at)
    select 'inhuur', k.id, k.id, h.tenths, b.rate_cents, (h.tenths * b.rate_cents + 5) / 10, h.first, h.last,
        'Anders ingehuurd; uren en tarief staan vast.', case when h.last < $1::date - 60 then 'bevestigd' else 'verwacht' end,
        k.posted_by, h.last + interval '1 day', case when h.last < $1::date - 60 then $2::uuid end,
        case when h.last < $1::date - 60 then h.last + interval '20 days' end
    from klus k join klus_baseline b on b.klus_id = k.id and b.hired
    join lateral (select sum(x.tenths)::int as tenths, min(x.day) as first, max(x.day) as last from hours_booking x
        join claim c on c.id = x.claim_id where c.klus_id = k.id) h on h.tenths > 0
    where k.state = 'afgerond' and k.posted_by <> $2::uuid
"""
_PLACE = """
    insert into saving (type, klus_id, place_id, tenths, rate_cents, cover_cents, cents, starts, ends, ground, state, made_by, settled_by, settled_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
"""
_CONTROLLER = "select a.person_id from account a join account_right r on r.account_id = a.id and r.\"right\" = 'controller' limit 1"
NORM = 7_450_000
"""What a full-time place costs in a year, with employer's charges, in cents."""


async def seed_hours(connection: asyncpg.Connection, today: date) -> int:
    """After the decisions, which the appointments refer to. Returns how many bookings there are."""
    await connection.execute("alter table hours_booking disable trigger hours_within")
    await connection.execute("alter table klus_baseline disable trigger baseline_when_posting")
    await connection.execute(_HOURS, today)
    await connection.execute(_BASELINE)
    await connection.execute("alter table hours_booking enable trigger hours_within")
    await connection.execute("alter table klus_baseline enable trigger baseline_when_posting")
    if await connection.fetch(_DAYS):
        raise RuntimeError("somebody booked more than a day has")
    await connection.execute(_WEEKS, today)
    controller = await connection.fetchval(_CONTROLLER)
    await _vacancies(connection, today, controller)
    if controller is not None:
        await connection.execute(_HIRED, today, controller)
    return int(await connection.fetchval("select count(*) from hours_booking"))


async def _vacancies(connection: asyncpg.Connection, today: date, controller: UUID | None) -> None:
    decisions = list(await connection.fetch(_DECISIONS))
    ends: list[tuple[asyncpg.Record, date]] = []
    for row in await connection.fetch(_VACANCIES):
        steps = [("gemeld", 0, 0), ("formatietoets", 0, 0), ("voorrang", 2, 0), ("intern", 4, 14)]
        outside = row["state"] == "afgerond" and row["person"] is None
        if outside:
            steps += [("regionaal", 20, 0), ("extern", 20, 14)]
        step = 0
        for stage, after, days in steps:
            step += 1
            starts = row["posted"] + timedelta(days=after)
            if starts > today:
                break
            skipped = "In de regio is geen samenwerking voor dit werk." if stage == "regionaal" else ""
            await connection.execute(
                _STAGE, row["id"], step, stage, starts, days, skipped, "", None, None, None, row["posted_by"]
            )
        last = row["posted"] + timedelta(days=20 if outside else 4)
        if row["state"] == "afgerond" and decisions and row["starts"] <= today:
            filled = max(last, row["starts"] - timedelta(days=10))
            chosen = min(decisions, key=lambda found: abs((found["day"] - filled).days))
            decisions.remove(chosen)
            await connection.execute(
                _STAGE, row["id"], step + 1, "vervuld", filled, 0, "", "", "extern" if outside else "intern", row["person"],
                chosen["number"], row["posted_by"],
            )  # fmt: skip
            if not outside:
                ends.append((row, filled))
        elif row["state"] == "verlopen":
            await connection.execute(
                _STAGE, row["id"], step + 1, "formatie_vervallen", max(last, row["starts"]), 0, "", "Het werk gaat naar het team Belastingen.",
                None, None, None, row["posted_by"],
            )  # fmt: skip
        elif row["state"] == "ingetrokken":
            await connection.execute(
                _STAGE, row["id"], step + 1, "ingetrokken", max(last, row["posted"] + timedelta(days=12)), 0, "",
                "De vraag is anders opgelost.", None, None, None, row["posted_by"],
            )  # fmt: skip
    await _chains(connection, today, ends, controller)


async def _chains(
    connection: asyncpg.Connection, today: date, ends: list[tuple[asyncpg.Record, date]], controller: UUID | None
) -> None:
    """Of three internal appointments one opens the next vacancy, one leaves a place that goes, of one it is not known yet."""
    taken: set[UUID] = set()
    roots: dict[UUID, UUID] = {}
    for place, (row, filled) in enumerate(ends):
        root = roots.get(row["id"], row["id"])
        later = [other["id"] for other, _ in ends[place + 1 :] if other["posted"] > filled and other["id"] not in taken]
        if place % 3 == 0 and later:
            taken.add(later[0])
            roots[later[0]] = root
            await connection.execute(_GAP, row["id"], "vacature", later[0], "", row["posted_by"])
        elif place % 3 == 1 or place % 3 == 0:
            await connection.execute(
                _GAP, row["id"], "vervalt", None, "De oude plek is uit de formatie gehaald.", row["posted_by"]
            )
            since = (filled.replace(day=1) + timedelta(days=32)).replace(day=1)
            tenths, settled = int(row["hours_min"] * 10), since < today - timedelta(days=90) and controller is not None
            done = ("bevestigd", row["posted_by"], controller, start_of(since + timedelta(days=40))) if settled else ("verwacht", row["posted_by"], None, None)  # fmt: skip
            await connection.execute(
                _PLACE, "formatie", row["id"], root, tenths, NORM, 0, structural(tenths, NORM), since, None,
                "De plek is uit de formatie gehaald, schaal 10.", *done,
            )  # fmt: skip
            first = (row["posted"].replace(day=1) + timedelta(days=32)).replace(day=1)
            months = (since.year - first.year) * 12 + since.month - first.month
            if months > 0:
                await connection.execute(
                    _PLACE, "vacature", row["id"], root, tenths, NORM, 0, vacant(months, tenths, NORM, 0), first, since - timedelta(days=1),
                    "Zo lang stond de plek open; niemand is ingehuurd.", *done,
                )  # fmt: skip
