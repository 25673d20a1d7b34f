# shellcheck shell=bash
# Running it: under systemd, and by itself in the background where there is none.

unit_file=/etc/systemd/system/hepbox.service
pid_file=/run/hepbox.pid
background_log=/var/log/hepbox.log
health_seconds=${health_seconds:-180}

place_service() {
  unit_changed=
  outcome="no systemd here: it will run in the background"
  has_systemd || return 0
  outcome=unchanged
  if ! cmp -s "$source_dir/deploy/hepbox.service" "$unit_file"; then
    install -m 644 "$source_dir/deploy/hepbox.service" "$unit_file" && systemctl daemon-reload || return 1
    unit_changed=yes outcome=placed
  fi
  systemctl is-enabled --quiet hepbox || systemctl enable --quiet hepbox
}

start_service() {
  if has_systemd; then start_under_systemd; else start_in_background; fi
}

start_under_systemd() {
  outcome="running, not touched"
  if systemctl is-active --quiet hepbox && [[ -z $code_changed$unit_changed ]]; then return 0; fi
  outcome="the service did not start."
  systemctl restart hepbox || return 1
  outcome=started
}

# Whether the process in the file is there and ours; one that has ended may wait for ever to be collected by its parent.
is_running_in_background() {
  local process
  process=$(cat "$pid_file" 2>/dev/null) || return 1
  [[ $(tr '\0' ' ' <"/proc/$process/cmdline" 2>/dev/null) == *hepbox* ]]
}

start_in_background() {
  local right
  outcome="running, not touched"
  if is_running_in_background && [[ -z $code_changed ]]; then return 0; fi
  stop_in_background || { outcome="the old one did not stop."; return 1; }
  touch "$background_log" && chown hepbox:adm "$background_log" && chmod 640 "$background_log" || return 1
  ulimit -n 65536 2>/dev/null || ulimit -n "$(ulimit -Hn)"
  mapfile -t right < <(bind_right)
  setsid setpriv --reuid hepbox --regid hepbox --init-groups "${right[@]}" \
    "$code_dir/current/bin/hepbox" run </dev/null >>"$background_log" 2>&1 &
  echo $! >"$pid_file"
  outcome="started in the background"
}

# The right to listen below 1024, where an ordinary user needs it.
bind_right() {
  (($(cat /proc/sys/net/ipv4/ip_unprivileged_port_start 2>/dev/null || echo 1024) <= $(listen_port web 0.0.0.0:80))) ||
    printf '%s\n' --inh-caps=+net_bind_service --ambient-caps=+net_bind_service
}

stop_in_background() {
  local waited=0
  is_running_in_background || return 0
  kill -TERM "$(cat "$pid_file")"
  while is_running_in_background; do
    ((waited++ < 120)) || return 1
    sleep 1
  done
  rm -f "$pid_file"
}

wait_until_healthy() {
  local began=$SECONDS
  until hepbox_command status; do
    if ((SECONDS - began > health_seconds)); then
      recent_log
      outcome="hepbox was started but is not healthy after $health_seconds s; look at $(log_place) and at what \"hepbox doctor\" says."
      return 1
    fi
    sleep 1
  done
  outcome=healthy
}

hepbox_command() { "$code_dir/current/bin/hepbox" "$@"; }

log_place() { if has_systemd; then printf '"journalctl -u hepbox"'; else printf '%s' "$background_log"; fi; }

recent_log() { if has_systemd; then journalctl -u hepbox -n 40 --no-pager -o cat; else tail -n 40 "$background_log"; fi; }

set_admin_password() {
  outcome="as it was"
  [[ -n $admin_password ]] || return 0
  outcome="the password of admin could not be set."
  printf '%s\n' "$admin_password" | hepbox_command user passwd admin || return 1
  outcome="set"
}

say_welcome() {
  local web hep url
  web=$(setting web listen)
  web=${web:-127.0.0.1:8080}
  hep=$(listen_port hep 0.0.0.0:9060)
  url=http://$(reachable "$web")
  say ""
  say "hepbox is running."
  say "  GUI         ${url%:80}"
  if [[ -n $admin_password ]]; then
    say "  Sign in     admin, with the password that you gave"
  else
    say "  Sign in     admin / test123   (asks for another at once; if it was changed before, with that one)"
  fi
  say "  Send HEP to $(own_address):$hep, UDP or TCP"
  if has_systemd; then
    say "  Service     systemctl status hepbox; its log: journalctl -u hepbox"
  else
    say "  There is no systemd here, so it runs in the background by itself and will not come back after a reboot."
    say "  Stop it:    kill \$(cat $pid_file)   Start it again: ./installer.sh   Its log: $background_log"
  fi
  say "  What was done is in $log_file"
}

# reachable ADDRESS:PORT: the same with this host's own address where it listens on all.
reachable() {
  local host=${1%:*}
  case $host in
    0.0.0.0 | '[::]') host=$(own_address) && [[ $host != *:* ]] || host="[$host]" ;;
  esac
  printf '%s:%s\n' "$host" "${1##*:}"
}
