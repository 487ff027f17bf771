"""The closed change set of a proposal (G17): what may come, change, move or end of roles and policies."""

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BeforeValidator, Field, TypeAdapter, model_validator
from pydantic_core import PydanticCustomError

from teams.governance.models import ANCHOR, DEFAULTS, ConsentForm, PolicyKind
from teams.kit.money import AmountError, parse_amount
from teams.kit.text import N_, Line, OptionalCode, OptionalLine, OptionalText, Text, WrittenDay
from teams.structure.forms import Form, ItemText, RoleHours
from teams.structure.models import ItemKind


def wrong(field: str, message: str, **values: Any) -> PydanticCustomError:
    """A fault of the whole form that belongs to one field."""
    return PydanticCustomError("veld", message, {"veld": field, **values})


class Items(Form):
    """Accountabilities or domains: texts that come (`bij`) and ids that go (`weg`)."""

    bij: Annotated[list[ItemText], Field(max_length=50)] = []
    weg: Annotated[list[UUID], Field(max_length=50)] = []

    @property
    def some(self) -> bool:
        return bool(self.bij or self.weg)


def _plain_list(value: object) -> object:
    return {"bij": value} if isinstance(value, list) else value


ItemChange = Annotated[Items, BeforeValidator(_plain_list)]


class RoleNew(Form):
    soort: Literal["rol_nieuw"]
    naam: Line
    doel: OptionalText = None
    verantwoordelijkheden: ItemChange = Items()
    domeinen: ItemChange = Items()

    @model_validator(mode="after")
    def is_a_role(self) -> Self:
        """G1: a name and at least one of purpose, domain, accountability."""
        if self.verantwoordelijkheden.weg or self.domeinen.weg:
            raise wrong("wijzigingen", N_("Een nieuwe rol heeft nog niets dat weg kan."))
        if not (self.doel or self.verantwoordelijkheden.bij or self.domeinen.bij):
            raise wrong("wijzigingen", N_("Geef een nieuwe rol een doel, een verantwoordelijkheid of een domein."))
        return self


class RoleChange(Form):
    soort: Literal["rol_wijzigen"]
    rolId: UUID
    naam: OptionalLine = None
    doel: OptionalText = None
    verantwoordelijkheden: ItemChange = Items()
    domeinen: ItemChange = Items()

    @model_validator(mode="after")
    def says_something(self) -> Self:
        if not (self.naam or self.doel or self.verantwoordelijkheden.some or self.domeinen.some):
            raise wrong("wijzigingen", N_("Vul in wat er aan de rol verandert."))
        return self


class RoleEnd(Form):
    soort: Literal["rol_einde"]
    rolId: UUID


MOST_EUROS = 100_000_000


def _whole_euros(value: object) -> object:
    """An amount as people type it (`7.500`, `€ 7.500,-`); cents are no bound."""
    if not isinstance(value, str):
        return value
    try:
        euros, cents = divmod(parse_amount(value), 100)
    except AmountError:
        euros, cents = 0, 0
    if cents or not 1 <= euros <= MOST_EUROS:
        raise wrong("besluitEuro", N_("Vul een bedrag in hele euro's in, bijvoorbeeld 7.500."))
    return euros


Euros = Annotated[int, BeforeValidator(_whole_euros), Field(ge=1, le=MOST_EUROS)]
_TIMED = (PolicyKind.MEETING, PolicyKind.LENDING)
_BY_CORE = (PolicyKind.LENDING, PolicyKind.REVIEW)
Decider = Literal["team", "rolverdeler", "begeleider", "teamsecretaris", "afgevaardigde", "rol"]
Candidates = Literal["leden", "organisatie", "niet_zittend"]


class PolicyNew(Form):
    """G18, G19. What changes a default rule holds here unless `ookOnder`; `dwingend`: teams below cannot choose otherwise.

    `besluitvorm` needs `vorm` and may have `termijn`; `vervulling` (who fills roles), `instemming` (who consents to lending) and
    `klustoets` (who looks at a klus before it opens, R19) need `wie`; of lending also `altijd` (not only above the own budget, R6),
    `termijn` (working days to answer) and `stil` (silence is consent), and `besluitUren` a week, `besluitWeken`
    and `besluitEuro` above which who holds the mandate decides (R7); `kandidaten` whom one may elect; `quorum` which percentage
    answers before silence counts; `overleg` how many working days ahead a meeting is told (`termijn`) and with how many members it
    opens (`aantal`, G28). `kader`: code of the framework that it works out; `koppelRolId`: which role of another team
    takes part here, with what this team adds to it as text (G5).
    """

    soort: Literal["afspraak_nieuw"]
    naam: OptionalLine = None
    tekst: Text
    afspraaksoort: PolicyKind = PolicyKind.LIMIT
    vorm: ConsentForm | None = None
    termijn: Annotated[int, Field(ge=1, le=30)] | None = None
    wie: Decider | None = None
    wieRolId: UUID | None = None
    kandidaten: Candidates | None = None
    percentage: Annotated[int, Field(ge=1, le=100)] | None = None
    aantal: Annotated[int, Field(ge=1, le=200)] | None = None
    altijd: bool = False
    stil: bool = False
    besluitUren: Annotated[int, Field(ge=1, le=40)] | None = None
    besluitWeken: Annotated[int, Field(ge=1, le=260)] | None = None
    besluitEuro: Euros | None = None
    ookOnder: bool = False
    dwingend: bool = False
    kader: OptionalCode = None
    koppelRolId: UUID | None = None

    @model_validator(mode="after")
    def fits_its_kind(self) -> Self:
        kind = self.afspraaksoort
        if kind is PolicyKind.CONSENT and self.vorm is None:
            raise wrong("wijzigingen", N_("Kies bij een afspraak over besluiten de vorm: licht, gewoon of streng."))
        if kind is not PolicyKind.CONSENT and (self.vorm or (self.termijn and kind not in _TIMED)):
            raise wrong("wijzigingen", N_("Vorm en termijn horen alleen bij een afspraak over besluiten."))
        if kind is PolicyKind.MEETING and self.termijn is None:
            raise wrong("wijzigingen", N_("Vul in hoeveel werkdagen van tevoren iedereen van een overleg hoort."))
        if self.aantal and kind is not PolicyKind.MEETING:
            raise wrong("wijzigingen", N_("Hoeveel leden er zijn, hoort alleen bij een afspraak over overleggen."))
        if (self.altijd or self.stil or self._bounds) and kind is not PolicyKind.LENDING:
            raise wrong(
                "wijzigingen",
                N_("Altijd vragen, zwijgen is ja en een grens horen alleen bij een afspraak over uitlenen."),
            )
        if (self.wie is not None) != (kind in (PolicyKind.FILLING, *_BY_CORE)):
            raise wrong("wijzigingen", N_("Kies wie beslist, bij een afspraak over rollen vervullen of uitlenen."))
        if self.wie in (("team", "rol") if kind in _BY_CORE else ("begeleider", "teamsecretaris", "afgevaardigde")):
            raise wrong(
                "wijzigingen",
                N_("Over uitlenen beslist een vaste rol; over rollen het team, de rolverdeler of een rol."),
            )
        if (self.wieRolId is not None) != (self.wie == "rol"):
            raise wrong("wijzigingen", N_("Kies de rol die beslist."))
        if (self.koppelRolId is not None) != (kind is PolicyKind.LINK):
            raise wrong("wijzigingen", N_("Kies de rol van een ander team die hier meedoet."))
        if (self.kandidaten is not None) != (kind is PolicyKind.CANDIDATES):
            raise wrong("wijzigingen", N_("Kies wie je kunt kiezen, bij een afspraak over verkiezingen."))
        if (self.percentage is not None) != (kind is PolicyKind.QUORUM):
            raise wrong("wijzigingen", N_("Vul bij een afspraak over hoeveel mensen antwoorden een percentage in."))
        if (self.ookOnder and (kind not in DEFAULTS or kind in _BY_CORE)) or (self.dwingend and not self.ookOnder):
            raise wrong(
                "wijzigingen", N_("Alleen een afspraak over hoe teams werken kan ook voor teams eronder gelden.")
            )
        return self

    @property
    def _bounds(self) -> bool:
        return bool(self.besluitUren or self.besluitWeken or self.besluitEuro)

    @property
    def title(self) -> str:
        return self.naam or " ".join(self.tekst.split())[:120].strip()

    @property
    def kind(self) -> str:
        """As it is stored: `beperking`, `besluitvorm:licht:5`, `instemming:rolverdeler:altijd:3:stil`, with `:ook_onder` and `:dwingend`."""
        value: tuple[object, ...] = (self.vorm, self.termijn, self.wie, self.wieRolId, self.kandidaten, self.percentage)
        if self.afspraaksoort is PolicyKind.LENDING:
            euros = f"-{self.besluitEuro}" if self.besluitEuro else ""
            bound = f"besluit-{self.besluitUren or 0}-{self.besluitWeken or 0}{euros}"
            value = (
                self.wie, "altijd" if self.altijd else None, self.termijn, "stil" if self.stil else None,
                bound if self._bounds else None,
            )  # fmt: skip
        elif self.aantal is not None:
            value = (self.termijn, "quorum", self.aantal)
        elif self.koppelRolId is not None:
            value = (self.koppelRolId,)
        core = ["rolverdeler"] if self.afspraaksoort is PolicyKind.CORE else []
        core += ["anker"] if self.afspraaksoort in ANCHOR else []
        flags = [name for name, on in (("ook_onder", self.ookOnder), ("dwingend", self.dwingend)) if on]
        return ":".join([self.afspraaksoort.value, *core, *(str(one) for one in value if one is not None), *flags])


class PolicyEnd(Form):
    soort: Literal["afspraak_einde"]
    afspraakId: UUID


class RoleMove(Form):
    """G17c, G17d: to the team right above or right below."""

    soort: Literal["rol_verplaatsen"]
    rolId: UUID
    teamId: UUID


class PolicyMove(Form):
    """The same for a policy: it ends here and begins there with the same words."""

    soort: Literal["afspraak_verplaatsen"]
    afspraakId: UUID
    teamId: UUID


class Filling(Form):
    """Who will fill a role: made by an election or an offer, never typed (G17: people are no governance)."""

    soort: Literal["rolvervulling"]
    aanbodId: UUID
    rolId: UUID
    persoonId: UUID
    uren: RoleHours | None = None
    focus: OptionalLine = None
    tot: WrittenDay | None = None


class MandateRequest(Form):
    """Without a role: the role of the tension."""

    soort: Literal["mandaatverzoek"]
    rolId: UUID | None = None
    tekst: Text


Change = Annotated[
    RoleNew | RoleChange | RoleEnd | RoleMove | PolicyNew | PolicyEnd | PolicyMove | MandateRequest | Filling,
    Field(discriminator="soort"),
]
Changes = Annotated[list[Change], Field(min_length=1, max_length=20)]
CHANGES: TypeAdapter[list[Change]] = TypeAdapter(Changes)


def items_of(change: RoleNew | RoleChange) -> list[tuple[ItemKind, str]]:
    """What is added to a role."""
    return [
        *((ItemKind.ACCOUNTABILITY, text) for text in change.verantwoordelijkheden.bij),
        *((ItemKind.DOMAIN, text) for text in change.domeinen.bij),
    ]
