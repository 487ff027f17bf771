"""Which type of leaf each accountable verb of the journal becomes, and which fact fills which field."""

GENERIC = "vastlegging"

_VERBS = {
    "besluit": "decision.taken decision.recorded decision.imported decision.fed",
    "poging": "decision.refused decision.attempted",
    "correctie": "decision.corrected decision.defect_found decision.objection_lost",
    "bekrachtiging": "decision.ratified",
    "doorbreking": "decision.overridden",
    "toedeling": "grant.drafted grant.changed grant.decided",
    "bekendmaking": "grant.published",
    "intrekking": "grant.withdrawn grant.taken_back",
    "instemming": "grant.consented",
    "mandaatbesluit": "decree.made decree.changed decree.dropped decree.decided decree.published",
    "register": "power.added power.changed exclusion.added exclusion.changed",
    "budget": "budget.added budget.changed",
    "kader": "framework.set framework.changed",
    "belang": "interest.entered",
    "verzoek": "mandate.requested",
    "rolbezetting": "role.filled role.filling_changed role.emptied role.mover_flagged election.decided filling.decided filling.stopped",
    "vervanging": "replacement.entered replacement.changed replacement.ended",
    "structuur": (
        "team.created team.changed team.moved team.ended role.created role.changed role.moved role.ended policy.created"
        " policy.changed policy.ended organ.created organ.renamed organ.member_added organ.member_ended"
    ),
    "selectie": (
        "consent.asked consent.given consent.refused consent.silent consent.expired consent.voided klus.drawn"
        " claim.selected claim.rejected claim.moved_in_line"
    ),
    "vaststelling": (
        "checklist.settled proposal.adopted proposal.struck intent.outcome vacancy.moved vacancy.skipped vacancy.followed"
        " saving.baseline_fixed saving.booked saving.settled breakdown.declared breakdown.taken breakdown.ended"
    ),
    "afroep": "information.asked information.answered information.grant_asked information.grant_answered",
    "import": "import.offered import.confirmed import.rejected checklist.imported",
    "rechten": (
        "access.signed access.checked account.added account.disabled account.right_asked account.right_given"
        " account.right_refused account.right_taken account.changed account.reopened account.removed"
        " account.steps_reset account.linked person.access_ended grant.holder_left scim.token_created"
    ),
    "vernietigd": "erasure.done decision.erased",
    "steekproef": "sample.drawn sample.found",
    "verantwoording": (
        "report.drafted report.found report.determined report.sent report.asked report.answered report.closed"
    ),
    "wachtwoord": "account.password_reset",
    "instelling": "retention.set register.set setting.changed",
    "export": "export.made",
    "sleutel": "key.begun key.added key.removed key.replaced",
    "alarm": "log.alarm",
}
VERBS = {verb: kind for kind, verbs in _VERBS.items() for verb in verbs.split()}
"""A verb that is not here is recorded as `vastlegging`, so that nothing stops; a test holds that every verb is."""

DECISIONS = ("besluit", "poging")

# Leaf field: the facts that may fill it, the first that is there.
FACTS = {
    "nummer": ("nummer", "number", "decree"),
    "toedeling": ("toedeling", "link"),
    "soort": ("soort", "kind", "right"),
    "van": ("van", "from"),
    "tot": ("tot", "until"),
    "bestand": ("bestand", "file"),
    "aantal": ("aantal", "count"),
    "bevoegdheid": ("bevoegdheid", "code"),
}
TEXTS = {"subject": "onderwerp", "reason": "reden", "motivering": "reden"}
