"""New passwords: 15 characters or more, no rules of composition, nothing made of well known words (ASVS 6.2.1, 6.2.4, 6.2.11)."""

import pytest

from teams.auth.passwords import check_new
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
