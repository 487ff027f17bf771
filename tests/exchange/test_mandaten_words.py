"""Cells of the register: what is written out is read back as the same, whatever it says."""

from hypothesis import example, given
from hypothesis import strategies as st

from teams.exchange import cells
from teams.exchange.mandaten import words
from teams.kit.money import MAX_CENTS

TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="|"), min_size=1, max_size=40
)
WORDS = TEXT.filter(lambda text: not text.startswith("'"))


@given(st.integers(0, MAX_CENTS))
@example(1)
@example(750_000)
def test_amounts(cents: int) -> None:
    assert words.amount(words.plain_amount(cents)) == cents
    assert words.four_eyes(words.eyes(cents)) == cents


def test_four_eyes_words() -> None:
    assert [words.four_eyes(words.eyes(line)) for line in (None, -1)] == [None, -1]


@given(WORDS)
@example("=1+1")
@example("-5")
def test_texts(text: str) -> None:
    said = words.safe(text)
    assert not said.lstrip().startswith(("=", "+", "-", "@"))
    assert cells.line(80)(said) == cells.line(80)(f"a{text}")[1:]


@given(st.lists(WORDS, min_size=1, max_size=5, unique=True))
def test_lists(parts: list[str]) -> None:
    assert cells.listing(80)(words.joined(parts)) == list(
        dict.fromkeys(cells.line(80)(f"a{part}")[1:] for part in parts)
    )


@given(
    st.sampled_from(["nee", "ja", "1", "8", "alleen_aan:SU/Subsidies", "alleen_aan:rol:SU/Subsidies|functie:griffier"])
)
def test_submandates(cell: str) -> None:
    kind, depth, only_to = words.submandate(cell)
    assert kind == ("diepte" if depth else cell.split(":")[0])
    assert bool(only_to) is (kind == "alleen_aan") and all(party.startswith(("rol:", "functie:")) for party in only_to)
