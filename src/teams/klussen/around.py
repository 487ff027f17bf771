"""What stands around one klus for one reader: questions, who helps, the draw, my teams, what I manage. One query."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor
from teams.kit.clock import day_of
from teams.klussen.stale import SAID

_AROUND = text(
    f"""
    select
        (select coalesce(jsonb_agg(jsonb_build_object('id', q.id, 'question', q.question, 'at', q.at, 'name', p.name,
                'answer', q.answer, 'by', a.name) order by q.at), '[]')
            from klus_question q join person p on p.id = q.person_id left join person a on a.id = q.answered_by
            where q.klus_id = k.id) as questions,
        (select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name) order by p.name), '[]')
            from klus_owner o join person p on p.id = o.person_id where o.klus_id = k.id and o.ended_at is null) as owners,
        (select p.name from klus_invite i join person p on p.id = i.invited_by
            where i.klus_id = k.id and i.person_id = :me) as invited_by,
        (select jsonb_build_object('commitment', d.commitment, 'drawn_at', d.drawn_at, 'places', d.places,
                'seed', case when d.drawn_at is not null then d.seed end, 'order', (select j.facts -> 'order'
                    from journal_subject s join journal j on j.id = s.entry
                    where s.kind = 'klus' and s.id = k.id and j.verb = 'klus.drawn' limit 1))
            from klus_draw d where d.klus_id = k.id) as draw,
        (select coalesce(jsonb_agg(distinct jsonb_build_object('id', v.team_id, 'name', t.name)), '[]')
            from role_filling f
            join role_version v on v.role_id = f.role_id and v.core is not null and upper_inf(v.recorded)
                and range_contains_elem(v.valid, cast(:today as date))
            join team_version t on t.team_id = v.team_id and upper_inf(t.recorded) and range_contains_elem(t.valid, cast(:today as date))
            where f.person_id = :me and upper_inf(f.recorded) and f.valid @> now()) as teams,
        (select coalesce(jsonb_agg(jsonb_build_object('id', tc.id, 'team', tc.team_id, 'places', (select count(*)
                from claim c where c.team_claim_id = tc.id and c.state = 'gereserveerd'), 'due', tc.due_at,
                'people', (select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name) order by p.name), '[]')
                    from home_team h join person p on p.id = h.person_id where h.team_id = tc.team_id
                    and upper_inf(h.recorded) and range_contains_elem(h.valid, cast(:today as date)) and not exists (select from claim c
                        where c.klus_id = k.id and c.person_id = p.id and c.ended_at is null)))), '[]')
            from team_claim tc where tc.klus_id = k.id and exists (select from claim c where c.team_claim_id = tc.id
                and c.state = 'gereserveerd')) as team_claims,
        (select coalesce(jsonb_agg(jsonb_build_object('name', p.name, 'text', c.handover) order by c.at), '[]')
            from claim c join person p on p.id = c.person_id where c.klus_id = k.id and c.handover <> ''
            and (c.state = 'teruggegeven' or c.seat is not null)) as handovers,
        (select coalesce(jsonb_agg(jsonb_build_object('name', p.name, 'text', c.result) order by c.ended_at), '[]')
            from claim c join person p on p.id = c.person_id where c.klus_id = k.id and c.result <> '') as results,
        (select max((j.at at time zone 'Europe/Amsterdam')::date) from journal_subject x join journal j on j.id = x.entry
            and j.verb in {SAID}
            where x.kind = 'klus' and x.id = k.id) as confirmed_on,
        (select count(*) from claim c where c.klus_id = k.id and c.state = 'aangemeld') as applied,
        (select count(*) from claim c where c.klus_id = k.id and c.state = 'wachtlijst') as waiting
    from klus k where k.id = :klus
    """
)
_APPLIED = text(
    """
    select c.id, c.person_id, c.state, c.hours, c.motivation, c.at, c.lined_at, c.skipped, c.lot, p.name, t.name as team,
        person_hours(c.person_id, c.klus_id) as known,
        array(select s.name from klus_skill ks join person_skill ps on ps.skill_id = ks.skill_id
            and ps.person_id = c.person_id join skill s on s.id = ks.skill_id where ks.klus_id = c.klus_id
            order by s.name) as skills
    from claim c join person p on p.id = c.person_id
    left join home_team h on h.person_id = p.id and upper_inf(h.recorded) and range_contains_elem(h.valid, cast(:today as date))
    left join team_version t on t.team_id = h.team_id and upper_inf(t.recorded) and range_contains_elem(t.valid, cast(:today as date))
    where c.klus_id = :klus and c.state in ('aangemeld', 'wachtlijst') order by c.state, c.lined_at, c.at, c.id
    """
)


@dataclass(frozen=True)
class Around:
    row: Row[Any]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)

    @property
    def my_team_claims(self) -> list[dict[str, Any]]:
        """Places held by a team for which I speak."""
        mine = {team["id"] for team in self.row.teams}
        held = [held for held in self.row.team_claims if held["team"] in mine]
        return [{**one, "until": last_day(datetime.fromisoformat(one["due"]))} for one in held]


def last_day(due: datetime) -> date:
    """The last day on which one can answer."""
    return day_of(due - timedelta(microseconds=1))


async def around(session: AsyncSession, klus_id: UUID, by: Actor, *, at: datetime) -> Around:
    """Call `klus_for` first: this asks nothing."""
    given = {"klus": klus_id, "me": by.person_id, "today": day_of(at)}
    return Around((await session.execute(_AROUND, given)).one())


async def who_applied(session: AsyncSession, klus_id: UUID, *, at: datetime) -> list[Row[Any]]:
    """Who applied and who waits, for who manages the klus."""
    return list((await session.execute(_APPLIED, {"klus": klus_id, "today": day_of(at)})).all())
