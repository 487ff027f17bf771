"""Which type of leaf each accountable verb of the journal becomes, and which fact fills which field."""

GENERIC = "vastlegging"

_VERBS = {
    "besluit": "decision.taken decision.recorded decision.imported",
    "poging": "decision.refused decision.attempted",
    "correctie": "decision.corrected decision.defect_found",
    "bekrachtiging": "decision.ratified",
    "doorbreking": "decision.overridden",
    "toedeling": "grant.drafted grant.changed grant.decided",
    "bekendmaking": "grant.published",
    "intrekking": "grant.withdrawn",
    "instemming": "grant.consented",
    "mandaatbesluit": "decree.made decree.decided decree.published",
    "register": "power.added power.changed exclusion.added exclusion.changed budget.added budget.changed",
    "kader": "framework.set framework.changed",
    "belang": "interest.entered",
    "verzoek": "mandate.requested",
    "rolbezetting": "role.filled role.filling_changed role.emptied",
    "vervanging": "replacement.entered replacement.changed replacement.ended",
    "structuur": (
        "team.created team.changed team.moved team.ended role.created role.changed role.ended policy.created"
        " policy.changed policy.ended organ.created organ.renamed organ.member_added organ.member_ended"
    ),
    "vaststelling": "proposal.adopted",
    "import": "import.offered import.confirmed import.rejected",
    "rechten": "account.added account.disabled account.right_given account.right_taken",
    "wachtwoord": "account.password_reset",
    "sleutel": "key.begun key.added key.removed key.replaced",
    "alarm": "log.alarm",
}
VERBS = {verb: kind for kind, verbs in _VERBS.items() for verb in verbs.split()}
"""A verb that is not here is recorded as `vastlegging`, so that nothing stops; a test holds that every verb is."""

DECISIONS = ("besluit", "poging")

# Leaf field: the facts that may fill it, the first that is there.
FACTS = {
    "persoon": ("persoon", "person"),
    "rol": ("rol", "role"),
    "nummer": ("nummer", "number", "decree"),
    "toedeling": ("toedeling", "link"),
    "soort": ("soort", "kind", "right"),
    "bedrag": ("bedrag", "amount"),
    "van": ("van", "from"),
    "tot": ("tot", "until"),
    "bestand": ("bestand", "file"),
    "aantal": ("aantal", "count"),
    "bevoegdheid": ("bevoegdheid", "code"),
    "vorige": ("vorige",),
}
TEXTS = {"subject": "onderwerp", "reason": "reden", "motivering": "reden"}
OWN_TEXTS = frozenset(TEXTS.values())
