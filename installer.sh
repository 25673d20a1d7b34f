#!/usr/bin/env bash
# Installs hepbox on this machine, or brings an installed one up to date. --help says the rest.
#
# Everything that could stand in the way is looked at first and said before anything is changed.
# Sourced, it only defines its functions; deploy/*.sh hold them, one deed each.
set -euo pipefail

source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
program=installer.sh
# shellcheck source=deploy/say.sh
. "$source_dir/deploy/say.sh"
# shellcheck source=deploy/system.sh
. "$source_dir/deploy/system.sh"
# shellcheck source=deploy/packages.sh
. "$source_dir/deploy/packages.sh"
# shellcheck source=deploy/place.sh
. "$source_dir/deploy/place.sh"
# shellcheck source=deploy/preflight.sh
. "$source_dir/deploy/preflight.sh"
# shellcheck source=deploy/start.sh
. "$source_dir/deploy/start.sh"
# shellcheck source=deploy/remove.sh
. "$source_dir/deploy/remove.sh"

usage() {
  cat <<'HELP'
Usage: ./installer.sh [OPTION…]

Installs hepbox: packages, a system user, the code in /opt/hepbox, settings in /etc/hepbox, data in
/var/lib/hepbox, and a service that is started and comes back after a reboot. Run again it upgrades to this
checkout and otherwise changes nothing. It asks nothing.

  --web ADDRESS:PORT      where the GUI listens (first installation; default 0.0.0.0:80)
  --hep ADDRESS:PORT      where HEP is received, UDP and TCP (first installation; default 0.0.0.0:9060)
  --admin-password WORD   sign in as admin with this and not with test123; `-` reads it from standard input
  --dev                   only make this checkout runnable: packages and .venv, nothing else
  --remove                stop and remove hepbox; settings and data stay
  --purge                 with --remove: settings and data go too
  --help                  this
HELP
}

install_all() {
  # Pre-flight: no impact yet.
  check_root
  check_options
  check_system
  check_ports
  check_memory
  check_disk

  # From here on things change.
  log_file=/var/log/hepbox-install.log
  printf '\n==== %s  hepbox %s\n' "$(date -u +%FT%TZ)" "$(code_version)" >>"$log_file"
  say "Installing hepbox $(code_version) on $(system_name). What the commands say goes to $log_file"
  step "Packages" install_server_packages
  step "System user hepbox" make_user
  step "Code in $code_dir" place_code
  step "Settings in $settings_dir" place_settings
  step "Data directory $data_dir" make_data_dir
  step "Kernel limits" set_kernel_limits
  step "Service" place_service
  step "Start" start_service
  step "Waiting until it is healthy" wait_until_healthy
  step "Password of admin" set_admin_password
  step "Tidying up" drop_old_code
  say_welcome
}

install_dev() {
  check_system
  log_file=$(mktemp -t hepbox-dev.XXXXXX.log)
  check_dev_packages
  step "Packages" install_server_packages
  step "Python environment in .venv" make_dev_environment
  say "Ready: .venv/bin/hepbox run   (data in ./.hepbox)"
}

need_value() { [[ -n ${2-} ]] || refuse "$1 needs a value; see ./installer.sh --help."; }

main() {
  local deed=install_all
  web_listen='' hep_listen='' admin_password='' purge=''
  while (($#)); do
    case $1 in
      --web) need_value "$@" && web_listen=$2 && shift ;;
      --hep) need_value "$@" && hep_listen=$2 && shift ;;
      --admin-password) need_value "$@" && admin_password=$2 && shift ;;
      --dev) deed=install_dev ;;
      --remove) deed=remove_all ;;
      --purge) purge=yes ;;
      --help | -h) usage && return ;;
      *) refuse "there is no option $1; see ./installer.sh --help." ;;
    esac
    shift
  done
  "$deed"
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then main "$@"; fi
