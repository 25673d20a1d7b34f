# shellcheck shell=bash
# What the installer puts where. Each function may run again and then changes nothing.

code_dir=/opt/hepbox
settings_dir=/etc/hepbox
data_dir=/var/lib/hepbox
command_link=/usr/local/bin/hepbox
sysctl_file=/etc/sysctl.d/60-hepbox.conf
needed_rmem_max=33554432 # 32 MiB: a second of 50,000 messages while a receiver is being replaced

# The parts of a checkout that run; the rest (tests, documents, playbooks) stays where it is.
code_parts=(appliance pyproject.toml README.md LICENSE NOTICE)

code_version() { sed -n 's/^version = "\(.*\)"$/\1/p' "$source_dir/pyproject.toml"; }

# What a compiler made of the checkout's sources here is not part of them.
made_here=('*.so' usual.c drain.c)

# code_release: version and a short hash over all that is installed, so that the same code has the same name; where a
# compiler is there, another one, so that the installer run again after one was installed builds the compiled readers.
code_release() {
  local hash
  hash=$(cd "$source_dir" && find "${code_parts[@]}" -type f ! -path '*/__pycache__/*' \
    ! -name "${made_here[0]}" ! -name "${made_here[1]}" ! -name "${made_here[2]}" -print0 |
    LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
  printf '%s-%s%s\n' "$(code_version)" "${hash:0:12}" "$(can_compile && printf c)"
}

# can_compile: whether a C compiler and the headers of the Python that runs hepbox are there.
can_compile() {
  local python
  command -v gcc >/dev/null && python=$(python_for_venv) &&
    [[ -e $("$python" -c 'import sysconfig; print(sysconfig.get_paths()["include"])')/Python.h ]]
}

install_server_packages() {
  local wanted absent
  mapfile -t wanted < <(server_packages)
  mapfile -t absent < <(missing "${wanted[@]}")
  install_packages "${wanted[@]}" || return 1
  [[ ${deed:-install_all} == install_all ]] || return 0
  ((${#absent[@]} == 0)) || { mkdir -p "$code_dir" && printf '%s\n' "${absent[@]}" >>"$code_dir/packages"; }
}

make_user() {
  outcome="already there"
  if id -u hepbox >/dev/null 2>&1; then return 0; fi
  outcome="the user hepbox could not be made."
  useradd --system --user-group --home-dir "$data_dir" --no-create-home --shell /usr/sbin/nologin \
    --comment "hepbox appliance" hepbox || return 1
  outcome=made
}

# Each release has a directory of its own, so that what runs is whole until the new one is.
place_code() {
  local release directory
  release=$(code_release)
  directory=$code_dir/$release
  code_changed=
  outcome="$release is there"
  if [[ $(readlink "$code_dir/current") == "$release" && -e $directory/complete ]]; then return 0; fi
  outcome="the code could not be installed into $directory; what ran before still runs."
  rm -rf "$directory"
  make_environment "$directory" || { rm -rf "$directory"; return 1; }
  touch "$directory/complete"
  ln -sfn "$release" "$code_dir/current" && ln -sfn "$code_dir/current/bin/hepbox" "$command_link" || return 1
  code_changed=yes
  outcome="$release installed"
}

# make_environment DIRECTORY: a Python environment there with the code and its libraries.
make_environment() {
  local python copy result=0
  python=$(python_for_venv) || { outcome="no Python 3.11 or later with venv was found."; return 1; }
  install -d -m 755 "$code_dir" || return 1
  (umask 022 && "$python" -m venv "$1") || return 1
  copy=$(mktemp -d) || return 1
  (cd "$source_dir" && tar -c --exclude=__pycache__ "${made_here[@]/#/--exclude=}" "${code_parts[@]}") | tar -x -C "$copy" &&
    (umask 022 && again "$1/bin/python" -m pip install --quiet --no-warn-script-location --disable-pip-version-check "$copy") || result=1
  rm -rf "$copy"
  return "$result"
}

place_settings() {
  outcome="kept as they are"
  install -d -m 750 -o root -g hepbox "$settings_dir" || return 1
  [[ -e $settings_dir/hepbox.ini ]] || { first_settings | put_settings hepbox.ini && outcome=written; } || return 1
  [[ -e $settings_dir/rotation.ini || ! -e $source_dir/rotation.ini ]] || put_settings rotation.ini <"$source_dir/rotation.ini"
}

put_settings() { install -m 640 -o root -g hepbox /dev/stdin "$settings_dir/$1"; }

# Only what differs from the defaults.
first_settings() {
  cat <<INI
# Settings of hepbox that differ from its defaults; all there are, with their defaults, are in hepbox.ini of the source.
# After a change: systemctl reload hepbox; restart for addresses that are listened on, servers and paths.

[web]
listen = ${web_listen:-0.0.0.0:80}
INI
  [[ -z $hep_listen ]] || printf '\n[hep]\nlisten = %s\n' "$hep_listen"
}

make_data_dir() { install -d -m 750 -o hepbox -g hepbox "$data_dir"; }

kernel_limits() {
  cat <<CONF
# Receive buffers as large as hepbox asks for, so that a burst of HEP is not dropped by the kernel.
net.core.rmem_max = $needed_rmem_max
CONF
}

set_kernel_limits() {
  local now
  now=$(cat /proc/sys/net/core/rmem_max 2>/dev/null || echo 0)
  outcome="large enough"
  ((now < needed_rmem_max)) || return 0
  mkdir -p "$(dirname "$sysctl_file")"
  kernel_limits | cmp -s - "$sysctl_file" || kernel_limits >"$sysctl_file" || return 1
  outcome="net.core.rmem_max = $needed_rmem_max"
  # in a container the limit is its host's
  echo "$needed_rmem_max" >/proc/sys/net/core/rmem_max || outcome="to be set on this container's host: $outcome"
}

drop_old_code() {
  local directory current
  current=$(readlink "$code_dir/current")
  outcome="nothing to do"
  for directory in "$code_dir"/*/; do
    directory=$(basename "$directory")
    [[ $directory == "$current" || $directory == current ]] && continue
    rm -rf "${code_dir:?}/$directory"
    outcome="removed $directory"
  done
}

make_dev_environment() {
  local python
  cd "$source_dir" || return 1
  outcome="there already"
  if .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && [[ -x .venv/bin/hepbox && .venv/bin/hepbox -nt pyproject.toml ]] &&
    [[ -z $(find appliance/ingest -name '*.p[yx][xi]' -newer .venv/bin/hepbox) ]]; then return 0; fi
  outcome="the Python environment could not be made."
  if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$(python_for_venv) || { outcome="no Python 3.11 or later with venv was found."; return 1; }
    "$python" -m venv --clear .venv || return 1
  fi
  again .venv/bin/python -m pip install --quiet --disable-pip-version-check --editable . || return 1
  touch .venv/bin/hepbox
  outcome=ready
}
