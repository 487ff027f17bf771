"""What `deploy/` delivers is read by the programs and schemas that it is meant for, where they are here."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

DEPLOY = Path(__file__).parents[1] / "deploy"
VERSIONS = ("1.31", "1.34")
NOT_KUBERNETES = {"postgresql.cnpg.io/v1"}
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def manifests() -> list[dict[str, Any]]:
    files = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
    return [part for file in files for part in yaml.safe_load_all(file.read_text(encoding="utf-8"))]


def of_kubernetes() -> list[dict[str, Any]]:
    return [part for part in manifests() if part["apiVersion"] not in NOT_KUBERNETES]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("part", of_kubernetes(), ids=lambda part: f"{part['kind']} {part['metadata'].get('name')}")
def test_a_manifest_is_as_kubernetes_wants_it(part: dict[str, Any], version: str) -> None:
    kubernetes_validate.validate(part, version, strict=True)


def test_a_field_that_does_not_exist_is_found() -> None:
    part = of_kubernetes()[0]
    part["spec"]["template"]["spec"]["containers"][0]["readynessProbe"] = {}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(part, VERSIONS[-1], strict=True)


def test_several_web_one_signer_and_a_place_for_every_name() -> None:
    found = {
        part["metadata"].get("name"): part["spec"]
        for part in manifests()
        if "template" in part["spec"] or part not in of_kubernetes()
    }
    assert found["teams-sign"]["replicas"] == 1 and found["teams-work"]["replicas"] == 2
    budget = next(part["spec"] for part in manifests() if part["kind"] == "PodDisruptionBudget")
    assert budget["minAvailable"] < found["teams-web"]["replicas"]
    for part in of_kubernetes():
        spec = part["spec"]
        if part["kind"] == "Service":
            web = found["teams-web"]["template"]
            ports = {port["name"] for port in web["spec"]["containers"][0]["ports"]}
            assert spec["selector"].items() <= web["metadata"]["labels"].items()
            assert {port["targetPort"] for port in spec["ports"]} <= ports
        elif part["kind"] != "PodDisruptionBudget":
            labels = spec["template"]["metadata"]["labels"]
            assert part["kind"] == "Job" or spec["selector"]["matchLabels"].items() <= labels.items()
            pod = spec["template"]["spec"]
            given = {volume["name"] for volume in pod.get("volumes", ())}
            given |= {claim["metadata"]["name"] for claim in spec.get("volumeClaimTemplates", ())}
            assert {mount["name"] for mount in pod["containers"][0]["volumeMounts"]} <= given
    database = found["teams-db"]
    assert database["instances"] > database["maxSyncReplicas"] >= database["minSyncReplicas"] >= 1
    logins = {role["name"] for role in database["managed"]["roles"]}
    wanted = set(re.findall(r"'(teams_\w+)'", (DEPLOY.parent / "migrations/roles.sql").read_text()))
    assert logins == wanted - {database["bootstrap"]["initdb"]["owner"]}


def test_every_name_in_the_compose_file_leads_somewhere() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    services = compose["services"]
    for one in services.values():
        assert set(one.get("depends_on", {})) <= set(services)
        assert set(one.get("secrets", ())) <= set(compose["secrets"])
        for volume in one.get("volumes", ()):
            place = volume.split(":")[0]
            assert place in compose["volumes"] or (DEPLOY / place).exists(), place
    assert "condition" in services["web"]["depends_on"]["database"] and "healthcheck" in services["database"]


def test_the_first_start_of_the_containers_makes_what_the_next_needs() -> None:
    """The database belongs to who migrates it, and the signer may write in its own volume."""
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    first = sorted(volume.split(":")[1] for volume in services["database"]["volumes"] if "initdb" in volume)
    assert [Path(one).name for one in first] == ["1-roles.sql", "2-database.sql"]
    assert "create database teams owner teams_owner" in (DEPLOY / "database.sql").read_text(encoding="utf-8")
    assert "POSTGRES_DB" not in services["database"]["environment"]
    user, folder = services["sign"]["user"], services["sign"]["volumes"][0].split(":")[1]
    assert re.search(rf"install -d .*-o {user} -g {user} {folder}", (DEPLOY / "Containerfile").read_text("utf-8"))


@pytest.mark.parametrize("name", ["compose.yaml", "kubernetes/teams.yaml", "teams.env.example"])
def test_every_way_to_install_gives_the_figures_of_both_processes(name: str) -> None:
    given = set(re.findall(r"TEAMS_\w*METRICS_PORT", (DEPLOY / name).read_text(encoding="utf-8")))
    assert given == {"TEAMS_METRICS_PORT", "TEAMS_WORK_METRICS_PORT"}


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace("/opt/teams/bin/teams", "/bin/true")
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", *(tmp_path / unit.name for unit in UNITS)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = [line for line in done.stderr.splitlines() if line.startswith("teams-") or str(tmp_path) in line]
    assert said == []


@pytest.mark.skipif(shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") is None, reason="nginx is not here")
def test_nginx_takes_its_file(tmp_path: Path) -> None:
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program is not None
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=teams.gemeente.example", "-days", "2",
         "-keyout", tmp_path / "key.pem", "-out", tmp_path / "fullchain.pem"], check=True, capture_output=True,
    )  # fmt: skip
    site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8").replace("/etc/ssl/teams", str(tmp_path))
    for name in re.findall(rf"{tmp_path}/([\w.-]+\.pem)", site):
        if not (tmp_path / name).exists():
            shutil.copy(tmp_path / "fullchain.pem", tmp_path / name)
    (tmp_path / "site.conf").write_text(site, encoding="utf-8")
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log stderr; events {{}}\nhttp {{ access_log off; client_body_temp_path {tmp_path};"
        f" proxy_temp_path {tmp_path}; fastcgi_temp_path {tmp_path}; uwsgi_temp_path {tmp_path}; scgi_temp_path {tmp_path}; include {tmp_path}/site.conf; }}\n", encoding="utf-8",
    )  # fmt: skip
    done = subprocess.run(
        [program, "-t", "-q", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
