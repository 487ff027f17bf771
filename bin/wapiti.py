"""Lets wapiti attack a demonstration that runs: as a stranger, then as somebody signed in. What it does there stays there.

Run: python -m bin.wapiti [ADDRESS] [SECONDS PER MODULE]     (http://127.0.0.1:8000, 240; about 25 minutes)
Ends with 1 when wapiti found a vulnerability, or a request that answered 500.
"""

import html
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

VERSION = "3.2.3"
ROOT = Path(__file__).resolve().parent.parent
VISITOR = {"email": "facilitator@zandermeer.example", "wachtwoord": "zandermeer"}
# What could be here: no LDAP, no PHP, no XML as the body of a request; ssrf and xxe answer by a server of wapiti's own and are left out.
ALWAYS = "exec,file,sql,timesql,xss,permanentxss,redirect,crlf,csrf,upload,htaccess,shellshock"
AS_STRANGER = f"{ALWAYS},csp,cookieflags,http_headers,methods"
BEGIN = ("", "klussen", "mandaten", "organisatie", "voorstellen", "overleggen", "profiel", "zoeken?zoek=buurt", "mag-ik", "mandaatlogboek", "openbaar/mandaten")  # fmt: skip
# Ends the attack itself (the session, the password), never ends (live), or is no page.
NOT = ("uitloggen", "inloggen", "wachtwoord", "profiel/sessies", "profiel/tweede-stap", "live", "static")
COOKIE = re.compile(r"__Host-session=([^;]+)")


class _Stays(HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **named: Any) -> None:
        return None


def signed_in(base: str) -> str:
    """The cookie of a visitor of the demonstration."""
    opener = build_opener(_Stays)
    page, cookie = _ask(opener, Request(f"{base}/inloggen"))
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    if token is None or cookie is None:
        sys.exit(f"teams: op {base} staat geen proefgemeente die draait (bin/demo)")
    form = urlencode({"csrf": html.unescape(token[1]), "next": "", **VISITOR}).encode()
    _, fresh = _ask(opener, Request(f"{base}/inloggen", form, {"Cookie": f"__Host-session={cookie}", "Origin": base}))
    if fresh is None:
        sys.exit("teams: inloggen in de proefgemeente lukt niet")
    return fresh


def _ask(opener: OpenerDirector, request: Request) -> tuple[str, str | None]:
    try:
        answer = opener.open(request, timeout=20)
    except OSError as error:
        answer = error  # a redirect or refusal is an answer too
    if not hasattr(answer, "headers"):
        return "", None
    found = COOKIE.search(answer.headers.get("set-cookie", ""))
    return answer.read().decode(), found and found[1]


def attack(base: str, folder: Path, modules: str, seconds: int, cookie: str = "") -> list[str]:
    """One attack; what was found, a line each."""
    tool = shutil.which("wapiti")
    run = [tool] if tool else [str(ROOT / ".uv/bin/uv"), "tool", "run", "--from", f"wapiti3=={VERSION}", "wapiti"]
    report = folder / f"{'met' if cookie else 'zonder'}.json"
    subprocess.run(
        [
            *run, "-u", f"{base}/", *(part for path in BEGIN for part in ("-s", f"{base}/{path}")),
            *(part for path in NOT for part in ("-x", f"{base}/{path}*")), *(("-H", f"Cookie: __Host-session={cookie}") if cookie else ()),
            "--scope", "folder", "-m", modules, "-d", "5", "--max-links-per-page", "30", "--max-files-per-dir", "12",
            "--max-parameters", "25", "--max-scan-time", "2400", "--max-attack-time", str(seconds), "--tasks", "4", "-t", "20",
            "-v", "0", "--flush-session", "--store-session", str(folder), "--store-config", str(folder / "config"),
            "-f", "json", "-o", str(report), "--no-bugreport",
        ],
        check=True,
    )  # fmt: skip
    told = json.loads(report.read_text())
    print(
        f"teams: {'ingelogd' if cookie else 'als vreemde'}: {told['infos']['crawled_pages_nbr']} adressen en formulieren"
    )
    if cookie and told["infos"]["crawled_pages_nbr"] < 200:
        return ["de aanval kwam niet binnen: te weinig adressen"]
    return [
        f"{kind}: {one['method']} {one['path']} {one.get('parameter') or ''}: {one['info']}"
        for part in ("vulnerabilities", "anomalies")
        for kind, all_ in told[part].items()
        for one in all_
    ]


def main() -> int:
    base = (sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000").rstrip("/")
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 240
    with tempfile.TemporaryDirectory(prefix="teams-wapiti-") as folder:
        found = attack(base, Path(folder), AS_STRANGER, seconds)
        found += attack(base, Path(folder), ALWAYS, seconds, signed_in(base))
    for line in found:
        print(f"teams: {line}", file=sys.stderr)
    print(f"teams: {len(found)} gevonden")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
