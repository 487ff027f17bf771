# Installs Teams into this checkout: uv in .uv/, the packages of uv.lock in .venv/. Sourced by the commands beside it.

UV_VERSION=0.13.9

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
unset VIRTUAL_ENV PYTHONHOME
PATH=${PATH//"$PWD/.venv/bin:"/}

say() { printf 'teams: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
is_root() { [ "$(id -u)" = 0 ]; }

# An ordinary user is told the one command; root has it done.
apt_install() {
  is_root && command -v apt-get >/dev/null || die "er ontbreekt iets op deze machine. Geef als beheerder: apt-get install -y $*"
  say "apt installeert $*"
  local log; log=$(mktemp)
  DEBIAN_FRONTEND=noninteractive; export DEBIAN_FRONTEND
  { apt-get update && apt-get install -y --no-install-recommends "$@"; } >"$log" 2>&1 || {
    tail -n 20 "$log" >&2; rm -f "$log"; die "stap 'apt-get install $*' is niet gelukt"; }
  rm -f "$log"
}

find_python() {
  local name
  for name in python3 python3.11 python3.12 python3.13 python3.14; do
    if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null; then
      PYTHON=$(command -v "$name"); return 0
    fi
  done
  return 1
}

need_machine() {
  local missing=()
  if ! find_python; then
    ! command -v python3 >/dev/null || die "Teams heeft Python 3.11 of nieuwer nodig; hier staat alleen $(python3 --version 2>&1)"
    missing+=(python3 python3-venv)
  elif ! "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null; then
    case ${PYTHON##*/} in python3) missing+=(python3-venv) ;; *) missing+=("${PYTHON##*/}-venv") ;; esac
  fi
  if [ "$(uname)" = Linux ] && [ -z "${SSL_CERT_FILE:-}${SSL_CERT_DIR:-}" ] && ! [ -e /etc/ssl/certs/ca-certificates.crt ] &&
    ! [ -e /etc/pki/tls/certs/ca-bundle.crt ]; then missing+=(ca-certificates); fi
  [ ${#missing[@]} -eq 0 ] || apt_install "${missing[@]}"
  find_python || die "Teams heeft Python 3.11 of nieuwer nodig; apt heeft $(python3 --version 2>&1)"
}

need_uv() {
  [ "$(.uv/bin/uv --version 2>/dev/null | cut -d' ' -f2)" != "$UV_VERSION" ] || return 0
  say "installatieprogramma uv $UV_VERSION ophalen"
  "$PYTHON" -m venv --clear .uv || die "stap 'python -m venv .uv' is niet gelukt"
  .uv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$UV_VERSION" || die "stap 'pip install uv' is niet gelukt"
}

fingerprint() {
  { pwd; "$PYTHON" -VV; cat uv.lock pyproject.toml package-lock.json bin/_lib.sh bin/build_assets.py; } | cksum
  find src/teams/locales -name '*.po' -exec cksum {} + 2>/dev/null | sort || true
}

# install base|dev: dev holds all of base, so a command that needs base is content with dev.
install() {
  local wanted=$1 now group=--no-dev
  [ -w . ] || die "in deze map mag je niet schrijven: $PWD. Maak een eigen kopie (git clone), of vraag de eigenaar."
  need_machine
  now=$(fingerprint)
  if .venv/bin/python -c '' 2>/dev/null && [ -d src/teams/web/static/vendor ]; then
    if [ "$(cat .venv/teams-dev 2>/dev/null)" = "$now" ]; then return 0; fi
    if [ "$wanted" = base ] && [ "$(cat .venv/teams-base 2>/dev/null)" = "$now" ]; then return 0; fi
  fi
  if [ -e .venv/teams-dev ]; then wanted=dev; fi
  if [ "$wanted" = dev ]; then group=--dev; fi
  export UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT=.venv UV_SYSTEM_CERTS=${UV_SYSTEM_CERTS:-1}
  if [ -z "${NODE_EXTRA_CA_CERTS:-}" ] && [ -e /etc/ssl/certs/ca-certificates.crt ]; then
    export NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
  fi
  need_uv
  [ -w "${HOME:-/nonexistent}" ] || { mkdir -p .uv/home; export HOME="$PWD/.uv/home"; }
  say "pakketten installeren in .venv"
  # A console script holds the path of its venv: a checkout that has moved gets a new one.
  if [ -e .venv ] && ! grep -qF "$PWD/.venv" .venv/bin/activate 2>/dev/null; then rm -rf .venv; fi
  rm -f .venv/teams-base .venv/teams-dev
  .uv/bin/uv sync --frozen "$group" --python "$PYTHON" --reinstall-package teams || die "stap 'uv sync' is niet gelukt"
  if [ "$wanted" = dev ]; then
    .venv/bin/python bin/build_assets.py --dev || die "stap 'npm: gereedschap voor de toetsen' is niet gelukt"
  fi
  printf '%s\n' "$now" >".venv/teams-$wanted"
}
