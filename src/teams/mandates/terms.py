"""The closed lists of words of the register: kinds, forms, bases; values are the words of the import files."""

from enum import StrEnum


class ActKind(StrEnum):
    DECISION = "besluit"
    PRIVATE = "privaatrecht"
    FACTUAL = "feitelijk"


class Kind(StrEnum):
    MANDATE = "mandaat"
    PROXY = "volmacht"
    AUTHORISATION = "machtiging"
    SIGNING = "ondertekening"
    DELEGATION = "delegatie"


class PartyKind(StrEnum):
    ORGAN = "orgaan"
    ROLE = "rol"
    OFFICE = "functie"
    PERSON = "persoon"
    EXTERNAL = "extern"


class Mandatable(StrEnum):
    YES = "ja"
    NO = "nee"
    ONLY_TO = "alleen_aan"


class Special(StrEnum):
    """What a power is by nature, where the law ties a rule to it."""

    OBJECTION = "bezwaar"
    FINE = "boete"
    COMPLAINT = "klacht"
    PUBLIC_ORDER = "openbare_orde"
    GENERAL_RULES = "algemeen_voorschrift"
    QUALIFIED_MAJORITY = "versterkte_meerderheid"
    OVERSIGHT = "vernietiging_of_goedkeuring"


class Base(StrEnum):
    """What a ceiling counts; PER_YEAR is per other party per calendar year."""

    DECISION = "per_besluit"
    EXCL_VAT = "excl_btw"
    TOTAL = "totale_waarde"
    PER_YEAR = "per_jaar"
    PER_CASE = "per_zaak"


class Form(StrEnum):
    GENERAL = "algemeen"
    SINGLE = "bepaald_geval"


class Absence(StrEnum):
    AWAY = "afwezig"
    VACANT = "ontstentenis"


class Sub(StrEnum):
    NO = "nee"
    YES = "ja"
    DEPTH = "diepte"
    ONLY_TO = "alleen_aan"


class ConditionKind(StrEnum):
    FOUR_EYES = "vier_ogen"
    ADVICE = "advies"
    CONSULT = "overleg"
    NO_DEVIATION = "niet_afwijken_van"
    AREA = "gebied"
    CASE_TYPE = "zaaktype"
    MAX_PER_YEAR = "max_per_jaar"
    DURATION = "duur"
    TEXT = "tekst"


class TriggerKind(StrEnum):
    ALWAYS = "altijd"
    AMOUNT = "bedrag"
    DURATION = "duur"
    FEATURE = "kenmerk"
    AREA = "gebied"
    CASE_TYPE = "zaaktype"


RESERVED = frozenset(
    {
        "belang", "besluit", "bevoegdheden", "inlichtingen", "instelling", "kaders", "nieuw", "omgekeerd", "onderhoud",
        "overnemen", "vervanging", "verzoeken",
    }
)  # fmt: skip
"""Numbers of grants that would hide a page of the register."""
