"""New passwords: 15 characters or more, no rules of composition, nothing made of well known words (ASVS 6.2.1, 6.2.4, 6.2.11)."""

import pytest

from teams.auth.passwords import LEAST, check_new, hashed, leaked, matches
from teams.kit.errors import Invalid

EMAIL = "aya.groen@proefdam.example"


@pytest.mark.parametrize(
    "password", ["vier losse woorden", "aap noot mies wim", "ÄÖÜ ñandú øre 漢字漢字", "kx9 4vq tz7 mm2 p"]
)
def test_good(password: str) -> None:
    check_new(password, email=EMAIL)


@pytest.mark.parametrize(
    "password",
    ["te kort hoor", "x" * 201, "aaaaaaaaaaaaaaaa", "Welkom01Welkom01!", "Wachtwoord123456", "qwertyuiop123456",
     "Zomer2026Zomer2026", "gemeente2026gemeente", "aya.groen aya.groen", "Password12345678"],
)  # fmt: skip
def test_too_short_too_long_or_known(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_new(password, email=EMAIL)
    assert "nieuw" in refused.value.fields


def test_what_leaked_is_refused_in_any_case_of_letters() -> None:
    """ASVS 6.2.4 and 6.2.12: more than three thousand that are long enough to be tried here."""
    assert len(leaked()) >= 3000 and min(map(len, leaked())) >= LEAST
    for word in ("Mailcreated5240", "MAILCREATED5240", "1qaz2wsx3edc4rfv"):
        with pytest.raises(Invalid):
            check_new(word, email=EMAIL)


@pytest.mark.parametrize(
    "password", ["Proefdam-Proefdam-12", "aya groen proefdam", "gemeente.proefdam.example", "Groen2026Proefdam!"]
)
def test_names_around_the_person_count_for_nothing(password: str) -> None:
    """ASVS 6.2.11: own name and address, municipality, product."""
    with pytest.raises(Invalid):
        check_new(password, email=EMAIL, around="Aya Groen gemeente Proefdam https://teams.proefdam.example")


async def test_a_password_is_compared_whole() -> None:
    """ASVS 6.2.8: nothing is cut off, so what is longer is another password."""
    kept = await hashed("v" * 200)
    assert await matches(kept, "v" * 200) and not await matches(kept, "v" * 201)
