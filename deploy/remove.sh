# shellcheck shell=bash
# Taking it away again: all that the installer made; settings and data only when that is asked for.

remove_all() {
  check_root
  log_file=/var/log/hepbox-install.log
  say "Removing hepbox. What the commands say goes to $log_file"
  step "Service" remove_service
  step "Packages that came with it" remove_packages
  step "Code, command and kernel limits" remove_code
  if [[ -n $purge ]]; then
    step "Settings, data and user" remove_data
  else
    say "Settings ($settings_dir) and data ($data_dir) are kept; ./installer.sh --remove --purge removes them too."
  fi
}

remove_service() {
  outcome="it did not stop within two minutes."
  stop_in_background || return 1
  outcome=removed
  [[ -e $unit_file ]] || return 0
  outcome="the service could not be stopped."
  systemctl disable --now --quiet hepbox || return 1
  rm -f "$unit_file"
  systemctl daemon-reload
  outcome=removed
}

# Only those that were missing before us, and only if nothing else on this machine needs them by now.
remove_packages() {
  local ours others
  outcome="none"
  [[ -s $code_dir/packages ]] || return 0
  mapfile -t ours < <(sort -u "$code_dir/packages" | grep -v '^ca-certificates$')
  others=$(apt-get -s remove "${ours[@]}" | awk '/^Remv/ { print $2 }' | grep -vxF -f <(printf '%s\n' "${ours[@]}"))
  outcome="kept, because others need them by now: $(tr '\n' ' ' <<<"$others")"
  [[ -z $others ]] || return 0
  outcome="apt could not remove ${ours[*]}."
  apt_get remove "${ours[@]}" || return 1
  [[ $(readlink /etc/systemd/system/redis-server.service) != /dev/null ]] || rm -f /etc/systemd/system/redis-server.service
  outcome="${#ours[@]} removed; \"apt-get autoremove\" removes what they needed"
}

remove_code() {
  rm -rf "$code_dir" "$sysctl_file" "$background_log"
  [[ $(readlink "$command_link") != "$code_dir"/* ]] || rm -f "$command_link"
  outcome=removed
}

remove_data() {
  rm -rf "$settings_dir" "$data_dir"
  outcome=removed
  if id -u hepbox >/dev/null 2>&1; then userdel hepbox; fi
}
