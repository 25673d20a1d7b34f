# shellcheck shell=bash
# What must be so before anything is changed. Each check returns, or refuses with one sentence and its remedy.

needed_code_mb=600    # two environments side by side during an upgrade
needed_data_mb=3072   # an empty database and its log, and the gigabyte that hepbox leaves free
needed_memory_mb=900

check_root() {
  ((EUID == 0)) || refuse "it must be run as root, for example with sudo, because it installs packages and a service."
}

check_system() {
  local name
  name=$(system_name)
  is_supported "$name" ||
    refuse "this system is $name; hepbox installs on Debian 12 or later and Ubuntu 22.04 or 24.04 and later."
  case $(uname -m) in
    x86_64 | aarch64) ;;
    *) refuse "this machine is $(uname -m); hepbox installs on x86_64 and aarch64." ;;
  esac
  [[ -x $(command -v apt-get) ]] || refuse "apt-get was not found, which installs the packages that hepbox needs."
}

is_address() { [[ $1 =~ ^(\[[0-9a-fA-F:.]+\]|[^:]+):([0-9]{1,5})$ ]] && ((BASH_REMATCH[2] >= 1 && BASH_REMATCH[2] <= 65535)); }

check_options() {
  local option value
  for option in web hep; do
    value=${option}_listen
    value=${!value}
    [[ -n $value ]] || continue
    is_address "$value" || refuse "--$option $value is no ADDRESS:PORT, for example 0.0.0.0:8080."
    [[ ! -e $settings_dir/hepbox.ini ]] ||
      refuse "--$option is for the first installation; change [$option] listen in $settings_dir/hepbox.ini, then systemctl restart hepbox."
  done
  if [[ $admin_password == - ]]; then read -r admin_password || true; fi
  [[ -z $admin_password ]] || ((${#admin_password} >= 8)) || refuse "the password for admin must have at least 8 characters."
}

check_ports() {
  local web hep
  web=$(listen_port web "${web_listen:-0.0.0.0:80}")
  hep=$(listen_port hep "${hep_listen:-0.0.0.0:9060}")
  check_port tcp "$web" "the GUI" web
  check_port udp "$hep" "HEP" hep
  check_port tcp "$hep" "HEP" hep
  may_bind "$web" || refuse "port $web cannot be given to a user here (no CAP_NET_BIND_SERVICE); choose another with --web 0.0.0.0:8080."
}

check_port() {
  local who
  who=$(taken "$1" "$2") || return 0
  refuse "port $2/$1, where $3 is to listen, is taken by $who; stop it, or choose another port with --$4 0.0.0.0:PORT."
}

# listen_port SECTION DEFAULT: the port of [SECTION] listen in hepbox.ini where there is one.
listen_port() {
  local found=''
  [[ ! -r $settings_dir/hepbox.ini ]] || found=$(setting "$1" listen)
  found=${found:-$2}
  printf '%s\n' "${found##*:}"
}

# setting SECTION KEY: as it stands in hepbox.ini, or nothing.
setting() {
  awk -v section="[$1]" -v key="$2" '
    /^[[:space:]]*\[/ { inside = index($0, section) > 0 }
    inside && $0 ~ "^[[:space:]]*" key "[[:space:]]*[=:]" { sub(/^[^=:]*[=:][[:space:]]*/, ""); sub(/[[:space:]]*([#;].*)?$/, ""); print; exit }
  ' "$settings_dir/hepbox.ini"
}

check_memory() {
  local have
  have=$(memory_mb)
  ((have >= needed_memory_mb)) || refuse "this machine has $have MiB of memory; hepbox needs $needed_memory_mb."
}

check_disk() {
  local code data
  [[ ! -e $code_dir/current ]] || return 0
  code=$(free_mb "$code_dir") data=$(free_mb "$data_dir")
  ((code >= needed_code_mb)) || refuse "$(filesystem "$code_dir") has $code MiB free; the code in $code_dir needs $needed_code_mb."
  ((data >= needed_data_mb)) || refuse "$(filesystem "$data_dir") has $data MiB free; the data in $data_dir needs at least $needed_data_mb."
}

# Without root a checkout can be made runnable only where the packages are there already.
check_dev_packages() {
  local absent
  ((EUID)) || return 0
  mapfile -t wanted < <(server_packages)
  mapfile -t absent < <(missing "${wanted[@]}")
  ((${#absent[@]} == 0)) || refuse "these packages are missing: ${absent[*]}; run this as root, or apt-get install them."
}
