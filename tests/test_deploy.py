"""What `deploy/` says fits the program: every setting, command, port and figure that is named there exists."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from prometheus_client import Counter, Gauge, Histogram

from teams.cli.parser import parser
from teams.http import observe
from teams.jobs import figures
from teams.kit.settings import Settings

ROOT = Path(__file__).parents[1]
FILES = sorted(path for path in (ROOT / "deploy").rglob("*") if path.is_file())
SETTINGS = ROOT / "docs" / "instellingen.md"


def described() -> str:
    """The page with every setting, made from the settings themselves."""
    lines = [
        "# Instellingen", "",
        "Uit de omgeving, of uit het bestand dat `TEAMS_SETTINGS` noemt. `teams check` zegt wat er niet klopt.", "",
        "| instelling | zonder waarde | betekenis |", "|---|---|---|",
    ]  # fmt: skip
    for name, field in Settings.model_fields.items():
        default = "moet er zijn" if field.is_required() else "" if field.default in (None, "") else f"`{field.default}`"
        lines.append(f"| `TEAMS_{name.upper()}` | {default} | {field.description} |")
    return "\n".join(lines) + "\n"


def test_the_page_of_settings_is_that_of_the_program() -> None:
    assert SETTINGS.read_text(encoding="utf-8") == described(), "run: python -m tests.test_deploy"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_setting_that_is_named_exists(path: Path) -> None:
    known = {f"TEAMS_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"\bTEAMS_[A-Z_]+", path.read_text(encoding="utf-8"))) <= known


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix == ".service"], ids=lambda path: path.name)
def test_every_unit_starts_a_command_without_rights_of_its_own(path: Path) -> None:
    unit = dict(line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)
    parser().parse_args(unit["ExecStart"].split()[1:])
    assert unit["User"] != "root" and unit["CapabilityBoundingSet"] == "" and unit["NoNewPrivileges"] == "yes"


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix == ".service"], ids=lambda path: path.name)
def test_every_unit_reaches_only_what_is_listed(path: Path) -> None:
    """ASVS 13.2.5."""
    text = path.read_text()
    assert re.findall(r"^IPAddress(?:Deny|Allow)=.*", text, re.M) == ["IPAddressDeny=any", "IPAddressAllow=localhost"]


def test_every_database_in_the_examples_shows_its_certificate() -> None:
    """ASVS 12.3.2."""
    text = (ROOT / "deploy/teams.env.example").read_text()
    found = re.findall(r"DATABASE_URL=(\S+)", text)
    assert len(found) > 3 and all(url.endswith("?sslmode=verify-full") for url in found)
    for name in ("TEAMS_ACCOUNT_RATE", "TEAMS_TLS_CERTIFICATE", "TEAMS_TLS_KEY"):
        assert re.search(rf"^{name}=.", text, re.M), name


def test_no_example_comes_with_a_password() -> None:
    """ASVS 13.2.3: each installation makes its own, in a file or secret of its own."""
    for path in (ROOT / "deploy").rglob("*"):
        text = path.read_text("utf-8") if path.is_file() else ""
        assert not re.search(r"(?m)^[^#\n]*://[^:/@\s]+:[^/@\s<]+@", text), path
        assert not re.search(r"(?im)^[^#\n]*password[\"']?\s*[:=]\s*[^\s{$/]", text), path
    compose = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())["services"]
    assert "POSTGRES_PASSWORD_FILE" in compose["database"]["environment"]


def test_the_signer_shares_no_user_and_no_key_with_the_others() -> None:
    users = {
        path.stem: re.search(r"^User=(.+)$", path.read_text(), re.M) for path in FILES if path.suffix == ".service"
    }
    assert len({found[1] for found in users.values() if found}) == 3
    compose = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())["services"]
    assert [name for name, one in compose.items() if "TEAMS_SIGNER_KEY" in one.get("environment", {})] == ["sign"]
    assert not any("TEAMS_OWNER_DATABASE_URL" in compose[name]["environment"] for name in ("web", "work", "sign"))


def containers() -> list[tuple[str, dict]]:
    found = []
    files = [(ROOT / "deploy/kubernetes" / name).read_text() for name in ("teams.yaml", "migrate.yaml")]
    for part in (one for text in files for one in yaml.safe_load_all(text)):
        if part["kind"] in ("Deployment", "StatefulSet", "Job"):
            found += [
                (part["metadata"]["labels"]["part"], one) for one in part["spec"]["template"]["spec"]["containers"]
            ]
    compose = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())["services"]
    return found + [(name, {"args": one["command"]}) for name, one in compose.items() if name != "database"]


@pytest.mark.parametrize(("name", "container"), containers(), ids=lambda value: value if isinstance(value, str) else "")
def test_every_container_starts_a_command(name: str, container: dict) -> None:
    parser().parse_args(container["args"])
    if "securityContext" in container:
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
    if "readinessProbe" in container:
        assert container["readinessProbe"]["httpGet"]["path"] == "/health/ready"


def test_the_dashboard_asks_for_figures_that_are_there() -> None:
    asked = set(re.findall(r"\bteams_[a-z_]+", (ROOT / "deploy/grafana.json").read_text()))
    json.loads((ROOT / "deploy/grafana.json").read_text())
    given = set()
    for module in (observe, figures):
        for metric in vars(module).values():
            for family in metric.collect() if isinstance(metric, Counter | Gauge | Histogram) else ():
                given |= {family.name, f"{family.name}_total", f"{family.name}_bucket"}
    assert asked <= given


if __name__ == "__main__":
    SETTINGS.write_text(described(), encoding="utf-8")


def test_the_manual_says_where_an_installation_keeps_its_roles() -> None:
    written = re.search(r"""psql -f "\$\(/opt/teams/bin/python -c "(.+?)"\)""", (ROOT / "docs/beheer.md").read_text())
    assert written
    found = subprocess.run(
        [sys.executable, "-c", written[1]], capture_output=True, text=True, check=True
    ).stdout.strip()
    assert "teams_app" in Path(found).read_text()
