"""Certificates that `teams check` and the ways out look at (ASVS 12.2.2, 12.3.2)."""

import ssl
from pathlib import Path

import pytest

from teams.jobs.connections import connections
from teams.kit.settings import Settings
from tests.certificates import self_made, shown

FAR = "postgresql://teams_app@db1,db2/teams"


def of(url: str = "postgresql://teams_app@localhost/teams", public: str = "") -> list[str]:
    return [str(one) for one in connections(Settings(database_url=url, public_url=public)) if not one.good]


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("postgresql://teams_app@localhost/teams", True), ("postgresql://teams_app@127.0.0.1:5433/teams", True),
        ("postgresql://teams_app@[::1]:5433/teams", True), ("postgresql:///teams?host=/run/postgresql", True),
        ("postgresql://teams_app@%2Frun%2Fpg/teams", True), ("postgresql://teams_app@/teams?host=db1", False),
        (FAR, False), (f"{FAR}?sslmode=require", False), (f"{FAR}?sslmode=verify-ca", False),
        (f"{FAR}?sslmode=verify-full", True), ("postgresql://a:p@10.0.0.5:5432/teams?sslmode=verify-full&sslrootcert=x", True),
        ("postgresql://a@localhost,db2/teams", False),
    ],
)  # fmt: skip
def test_a_database_elsewhere_shows_its_certificate(url: str, good: bool) -> None:
    found = of(url)
    assert (found == []) is good
    assert good or ("verify-full" in found[0] and "localhost" not in found[0])


def test_people_get_no_address_without_tls() -> None:
    assert "zonder TLS" in of(public="http://teams.gemeente.example")[0]
    assert of(public="http://127.0.0.1:8000") == of(public="http://localhost:8000") == of() == []


def test_a_certificate_must_be_of_an_authority_that_is_trusted_and_have_days_left(tmp_path: Path) -> None:
    for days, wanted in ((90, "nog 90 dagen"), (5, "nog 5 dagen")):
        pair = self_made(tmp_path, days=days)
        trusted = ssl.create_default_context(cafile=str(pair[0]))
        with shown(*pair) as (port, _):
            settings = Settings(database_url="postgresql://a@localhost/teams", public_url=f"https://127.0.0.1:{port}")
            (mistrusted,), (found,) = connections(settings), connections(settings, trusted=trusted)
        assert not mistrusted.good and "niet te vertrouwen" in mistrusted.what
        assert wanted in found.what and found.good == (days > 14)


def test_a_certificate_for_another_name_is_not_this_one(tmp_path: Path) -> None:
    pair = self_made(tmp_path, address="192.0.2.9")
    with shown(*pair) as (port, _):
        settings = Settings(database_url="postgresql://a@localhost/teams", public_url=f"https://127.0.0.1:{port}")
        (found,) = connections(settings, trusted=ssl.create_default_context(cafile=str(pair[0])))
    assert not found.good


def test_what_cannot_be_reached_from_here_is_told_and_no_fault(tmp_path: Path) -> None:
    pair = self_made(tmp_path)
    with shown(*pair) as (port, _):
        pass
    (found,) = connections(Settings(database_url="postgresql://a@localhost/t", public_url=f"https://127.0.0.1:{port}"))
    assert found.good and "niet te zien" in found.what
