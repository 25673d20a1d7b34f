# shellcheck shell=bash
# How the scripts speak: steps with their time on stdout, what commands print in a log file, an error as one sentence.

log_file=/dev/null
outcome= # what the step that runs now has to say

say() { printf '%s\n' "$*"; }

warn() { printf 'Note: %s\n' "$*" >&2; }

# refuse SENTENCE: nothing has been changed yet, and nothing will be.
refuse() {
  printf '%s: %s Nothing was changed.\n' "${program:-hepbox}" "$1" >&2
  exit 2
}

# fail SENTENCE: something went wrong half-way.
fail() {
  printf '%s: %s\n' "${program:-hepbox}" "$1" >&2
  [[ $log_file == /dev/null ]] || printf 'What the commands said is in %s; its last lines:\n' "$log_file" >&2
  [[ $log_file == /dev/null ]] || tail -n 12 "$log_file" | sed 's/^/  | /' >&2
  exit 1
}

# step TEXT FUNCTION…: runs the function with its output in the log; it reports through $outcome.
step() {
  local text=$1 began=$SECONDS
  shift
  printf '  %-46s ' "$text"
  printf '\n== %s  %s\n' "$(date -u +%FT%TZ)" "$text" >>"$log_file"
  outcome=
  if ! "$@" >>"$log_file" 2>&1; then
    say "failed"
    fail "${outcome:-\"$text\" did not succeed.}"
  fi
  say "${outcome:-done} ($((SECONDS - began)) s)"
}
