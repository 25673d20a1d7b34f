#!/usr/bin/env bash
# Installs what the tests need and runs all of them; `./test.sh PATH…` runs some of them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

program=test.sh
# shellcheck source=deploy/say.sh
. deploy/say.sh
# shellcheck source=deploy/system.sh
. deploy/system.sh
# shellcheck source=deploy/packages.sh
. deploy/packages.sh

# Real agents, a real browser, and hosts to install on; tests that need one of them say so by their marker.
agents=(kamailio kamailio-extra-modules sip-tester sngrep tshark rtpengine-daemon baresip-core janus nodejs curl)
tools=(chromium podman shellcheck git openssl iproute2 libpcap0.8 gcc)
# nodejs of other sources than Debian brings npm along and does not go with Debian's package of that name
command -v npm >/dev/null || agents+=(npm)

prepare() {
  ./installer.sh --dev
  # without the headers the compiled readers are not built, and their tests have nothing to test
  .venv/bin/python -c 'import os, sys, sysconfig; sys.exit(not os.path.exists(sysconfig.get_paths()["include"] + "/Python.h"))' ||
    tools+=(python3-dev)
  mapfile -t wanted < <(missing "${agents[@]}" "${tools[@]}")
  if ((${#wanted[@]} && EUID)); then
    warn "not root, so these are not installed and their tests cannot run: ${wanted[*]}"
  elif ((${#wanted[@]})); then
    step "Agents and tools for the tests" install_packages "${wanted[@]}"
  fi
  step "Libraries for the tests" install_test_libraries
}

# pip learned dependency groups in 25.1, which Debian 12's is older than. Again only when the list has changed.
install_test_libraries() {
  local stamp=.venv/test-libraries now
  now=$(sha256sum pyproject.toml appliance/ingest/*.p[yx][xi])
  outcome="all there"
  [[ $(cat $stamp 2>/dev/null) != "$now" ]] || return 0
  outcome="pip could not install them."
  again .venv/bin/pip install --quiet 'pip>=25.1' && again .venv/bin/pip install --quiet --editable . --group test || return 1
  printf '%s\n' "$now" >$stamp
  outcome=installed
}

log_file=$(mktemp -t hepbox-test.XXXXXX.log)
prepare

# Two files at a time; after them, one by one, what measures and needs the cores for itself. Of a PATH there may be
# tests of one sort alone: pytest ends with 5 when it finds none.
run_tests() {
  local code=0
  .venv/bin/pytest --durations=15 "$@" || code=$?
  ((code == 5)) || found=yes
  ((code == 5 || code == 0)) || failed=$code
}

run_all() {
  found="" failed=0
  run_tests --alone without -n 2 --dist loadfile --no-loadscope-reorder "$@"
  run_tests --alone only "$@"
  [[ $found ]] || return 5
  return "$failed"
}

run_all "$@"
