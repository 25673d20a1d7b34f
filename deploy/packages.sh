# shellcheck shell=bash
# Debian packages, as this machine's own apt configuration gets them.

is_installed() { [[ $(dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null) == ii* ]]; }

# missing PACKAGE…: prints those that are not installed.
missing() {
  local package
  for package in "$@"; do
    is_installed "$package" || printf '%s\n' "$package"
  done
}

# The servers whose programs we start ourselves, and what Python needs; names differ between releases.
server_packages() {
  local system
  system=$(system_name)
  case $system in
    ubuntu-22.04) printf '%s\n' mariadb-server-core-10.6 mariadb-client-core-10.6 redis-server python3.11-venv ;;
    *) printf '%s\n' mariadb-server-core mariadb-client-core redis-server python3-venv ;;
  esac
  printf '%s\n' ca-certificates
}

apt_get() {
  DEBIAN_FRONTEND=noninteractive apt-get -y -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"
}

# install_packages PACKAGE…: installs those that are missing and starts no service of theirs.
install_packages() {
  local wanted
  mapfile -t wanted < <(missing "$@")
  outcome="all there"
  ((${#wanted[@]})) || return 0
  outcome="apt could not install ${wanted[*]}."
  mask_redis_of_ours "${wanted[@]}"
  apt_get update || return 1
  without_starting_services apt_get --no-install-recommends install "${wanted[@]}" || return 1
  outcome="${#wanted[@]} installed"
}

# A redis-server that comes with us is never started as a service; one that was there before is left alone.
mask_redis_of_ours() {
  [[ " $* " == *" redis-server "* ]] || return 0
  mkdir -p /etc/systemd/system
  [[ -e /etc/systemd/system/redis-server.service ]] || ln -s /dev/null /etc/systemd/system/redis-server.service
}

# Where systemd is not running, package scripts start services by themselves unless this file forbids it.
without_starting_services() {
  local policy=/usr/sbin/policy-rc.d result=0
  [[ ! -e $policy ]] || policy=
  if [[ -n $policy ]]; then
    # shellcheck disable=SC2064 # the path of now
    trap "rm -f '$policy'" EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
  fi
  "$@" || result=$?
  [[ -z $policy ]] || rm -f "$policy"
  return "$result"
}

# again COMMAND…: up to three times, since a registry does not always answer at once.
again() {
  local try
  for try in 1 2 3; do
    if "$@"; then return 0; fi
    ((try == 3)) || sleep $((try * 3))
  done
  return 1
}
