"""How the paper is signed: in the organ's name, for the municipality by proxy, or in the organ's own name (M18)."""

from __future__ import annotations

from teams.mandates.answer import Signature
from teams.mandates.chains import Book, Capacity
from teams.mandates.facts import Organ
from teams.mandates.judge import Judged, Judgement
from teams.mandates.terms import ActKind, Kind
from teams.mandates.text import dutch_day


def signature(book: Book, judged: Judgement) -> Signature:
    """The block of lines; `plv.` before the office of a substitute."""
    if book.power.act is ActKind.PRIVATE:
        return _municipality(book, judged)
    part = judged.parts[0]
    grants = part.chain.grants if part.chain else ()
    organ = _in_whose_name(book, part)
    mandates = [grant for grant in grants if Kind.DELEGATION not in grant.kinds]
    if not mandates:
        return Signature("eigen_naam", (f"{organ.signs_as},", *_signer(book, part)))
    signed = book.q.organ_decided_on
    if signed is not None and Kind.SIGNING in mandates[-1].kinds and Kind.MANDATE not in mandates[-1].kinds:
        lines = (f"{organ.signs_as},", f"overeenkomstig het door dit orgaan op {dutch_day(signed)} genomen besluit,")
        return Signature("ondertekening", (*lines, *_signer(book, part)))
    if book.power.act is ActKind.FACTUAL:
        return Signature("machtiging", (f"{organ.signs_as},", "krachtens machtiging,", *_signer(book, part)))
    return Signature(
        "besluit",
        (f"{organ.signs_as},", "namens dezen," if organ.kind == "college" else "namens deze,", *_signer(book, part)),
    )


def _municipality(book: Book, judged: Judgement) -> Signature:
    part = next((p for p in judged.parts if p.organ.kind == "burgemeester"), judged.parts[-1])
    root = part.chain.root if part.chain else None
    name = f"De gemeente {book.facts.settings.municipality},"
    if root is None:
        return Signature("eigen_naam", (name, *_signer(book, part)))
    day = f" van {dutch_day(root.decided_on)}" if root.decided_on else ""
    return Signature("volmacht", (name, f"krachtens volmacht van {part.organ.name}{day},", *_signer(book, part)))


def _in_whose_name(book: Book, part: Judged) -> Organ:
    """After delegation the receiver acts in its own name."""
    organ = part.organ
    for grant in part.chain.grants if part.chain else ():
        if Kind.DELEGATION in grant.kinds:
            organ = book.organs.get(grant.holder.id, organ)
    return organ


def _signer(book: Book, part: Judged) -> tuple[str, ...]:
    post = part.chain.post if part.chain else None
    name = book.name(part.view.person) if part.view.person else ""
    role = post.role.name if post and post.role else ""
    if post and post.capacity is Capacity.SUBSTITUTE:
        role = f"plv. {role}"
    return tuple(line for line in (name, role) if line)
