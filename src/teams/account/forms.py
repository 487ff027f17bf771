"""What people type in audit and account: one model per verb."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from teams.account.rules import Ground
from teams.kit.text import N_, Line, OptionalText, Text, WrittenDay, clean

Short = Annotated[
    str,
    BeforeValidator(lambda v: clean(v) if isinstance(v, str) else v),
    StringConstraints(min_length=1, max_length=500),
]
Number = Annotated[
    str, BeforeValidator(lambda v: clean(v) if isinstance(v, str) else v), StringConstraints(max_length=40)
]


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TermForm(Form):
    """How long texts of a kind stay; `maanden` 0: for ever."""

    soort: Literal[
        "besluit", "mandaat", "voorstel", "organisatie", "mensen", "inloggen", "klus", "verantwoording", "overig"
    ]
    maanden: Annotated[int, BeforeValidator(lambda v: v.strip() if isinstance(v, str) else v)]
    bron: Line

    @model_validator(mode="after")
    def _bounded(self) -> "TermForm":
        if not 0 <= self.maanden <= 1200:
            raise PydanticCustomError(
                "veld", N_("Vul een getal in van 0 tot en met 1200. 0 is: blijvend bewaren."), {"veld": "maanden"}
            )
        return self


class ErasureForm(Form):
    grond: Ground
    reden: Short


class SettleForm(Form):
    antwoord: Short


class MarkForm(Form):
    regel: int
    oordeel: Literal["intrekken", "uitzoeken"]
    toelichting: Short


class SignForm(Form):
    opmerkingen: OptionalText = None


class FindingForm(Form):
    oordeel: Literal["in_orde", "met_punten", "niet_in_orde"]
    bevinding: Text


class JudgeForm(Form):
    """What the controller found of one decision of the sample."""

    oordeel: Literal["in_orde", "niet_in_orde"]
    notitie: Annotated[
        str, BeforeValidator(lambda v: clean(v) if isinstance(v, str) else v), StringConstraints(max_length=1000)
    ] = ""

    @model_validator(mode="after")
    def _says_what(self) -> "JudgeForm":
        if self.oordeel == "niet_in_orde" and not self.notitie:
            raise PydanticCustomError("veld", N_("Schrijf op wat er niet in orde is."), {"veld": "notitie"})
        return self


class ExplainForm(Form):
    """Why a post of an outside list has no entry, or which decision it belongs to."""

    reden: Literal["hoort_bij", "niet_vastleggen", "dubbel", "fout_in_lijst", "zonder_besluit"]
    nummer: Number = ""
    toelichting: Short

    @model_validator(mode="after")
    def _which(self) -> "ExplainForm":
        if self.reden == "hoort_bij" and not self.nummer:
            raise PydanticCustomError(
                "veld", N_("Vul het nummer van het besluit in, zoals 2026-00431."), {"veld": "nummer"}
            )
        return self


class DetermineForm(Form):
    """The college determines the account, with its response."""

    dag: WrittenDay
    besluit: Line
    reactie: Text


class QuestionForm(Form):
    soort: Literal["vraag", "toezegging"] = "vraag"
    namens: Annotated[
        str, BeforeValidator(lambda v: clean(v) if isinstance(v, str) else v), StringConstraints(max_length=120)
    ] = ""
    tekst: Annotated[
        str,
        BeforeValidator(lambda v: clean(v) if isinstance(v, str) else v),
        StringConstraints(min_length=1, max_length=2000),
    ]
    termijn: WrittenDay


class AnswerForm(Form):
    antwoord: Text
