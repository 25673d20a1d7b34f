# shellcheck shell=bash
# What this machine is and has: asked, never changed. Needs nothing but bash, coreutils and /proc.

os_release=${os_release:-/etc/os-release}

# system_name: debian-12, ubuntu-24.04 …; debian-unstable where a release has no number.
system_name() {
  local ID='' VERSION_ID=''
  # shellcheck disable=SC1090
  [[ ! -r $os_release ]] || . "$os_release"
  printf '%s-%s\n' "${ID:-unknown}" "${VERSION_ID:-unstable}"
}

is_supported() {
  local version=${1#*-}
  case $1 in
    debian-unstable | ubuntu-22.04) return 0 ;;
    debian-*) ((${version%%.*} >= 12)) ;;
    ubuntu-*) ((${version%%.*} >= 24)) ;;
    *) return 1 ;;
  esac
}

has_systemd() { [[ -d /run/systemd/system ]]; }

# python_for_venv: the interpreter to make environments with: the system's own, readable by every user.
python_for_venv() {
  local candidate
  for candidate in /usr/bin/python3 /usr/bin/python3.{13,12,11}; do
    if [[ -x $candidate ]] && "$candidate" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      printf '%s\n' "$candidate"
      return 0
    fi
  done
  return 1
}

# free_mb DIRECTORY: MiB free where it lies or will lie.
free_mb() {
  local directory=$1
  while [[ ! -d $directory ]]; do directory=$(dirname "$directory"); done
  df -Pm "$directory" | awk 'NR == 2 { print $4 }'
}

# filesystem DIRECTORY: where it lies or will lie is mounted.
filesystem() {
  local directory=$1
  while [[ ! -d $directory ]]; do directory=$(dirname "$directory"); done
  df -Pm "$directory" | awk 'NR == 2 { print $6 }'
}

memory_mb() { awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo; }

# listening udp|tcp PORT: prints the owner's number and the inode of each socket that holds the port.
listening() {
  local state=0A hex
  [[ $1 == tcp ]] || state=07
  hex=$(printf '%04X' "$2")
  awk -v port=":$hex" -v state="$state" '$4 == state && substr($2, length($2) - 4) == port { print $8, $10 }' \
    /proc/net/"$1" /proc/net/"$1"6 2>/dev/null
}

# holder INODE: the process that has this socket open; nothing where we may not look into other users' processes.
holder() {
  local fd
  for fd in /proc/[0-9]*/fd/*; do
    if [[ $(readlink "$fd" 2>/dev/null) == "socket:[$1]" ]]; then
      fd=${fd#/proc/}
      printf '%s\n' "${fd%%/*}"
      return 0
    fi
  done
}

# taken udp|tcp PORT: prints who else holds the port; fails when it is free or our own service's.
taken() {
  local owner inode process ours
  ours=$(id -u hepbox 2>/dev/null) || ours=none
  while read -r owner inode; do
    [[ $owner != "$ours" ]] || continue
    process=$(holder "$inode")
    if [[ -n $process ]]; then
      printf '%s (process %s)\n' "$(cat "/proc/$process/comm" 2>/dev/null)" "$process"
    else
      printf 'a program of user %s\n' "$(getent passwd "$owner" | cut -d: -f1)"
    fi
    return 0
  done < <(listening "$1" "$2")
  return 1
}

# may_bind PORT: an unprivileged process can be given the right to listen there.
may_bind() {
  local first bounding
  first=$(cat /proc/sys/net/ipv4/ip_unprivileged_port_start 2>/dev/null || echo 1024)
  bounding=$(awk '/^CapBnd:/ { print $2 }' /proc/self/status)
  (($1 >= first || (16#$bounding >> 10 & 1)))
}

own_address() {
  local first=''
  read -r first _ < <(hostname -I 2>/dev/null) || true
  printf '%s\n' "${first:-$(hostname 2>/dev/null || echo localhost)}"
}
