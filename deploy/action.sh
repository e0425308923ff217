#!/usr/bin/env bash
# What action.yml runs: a scenario. It writes the files into a folder and the outcome into the step's outputs.
#   CONTEND_ACTION_COMMAND   the command that starts contend: npx --yes contend
#   CONTEND_ACTION_SCENARIO  the file
#   CONTEND_ACTION_FLAGS     more flags, as typed on a command line: --extend --undecided warn
#   CONTEND_ACTION_OUT       the folder
set -uo pipefail

read -r -a command <<< "${CONTEND_ACTION_COMMAND:-npx --yes contend}"
read -r -a flags <<< "${CONTEND_ACTION_FLAGS:-}"
out="${CONTEND_ACTION_OUT:-contend-out}"

"${command[@]}" run "${CONTEND_ACTION_SCENARIO:?names no scenario}" --out "$out" --quiet ${flags[@]+"${flags[@]}"}
code=$?

case $code in
  0) verdict=pass ;;
  96) verdict=invalid ;;
  97) verdict=undecided ;;
  98) verdict=wrong-data ;;
  99) verdict=gate-failed ;;
  *) verdict=not-run ;;
esac
if [ -n "${GITHUB_OUTPUT:-}" ]; then
  printf 'code=%s\nverdict=%s\nout=%s\n' "$code" "$verdict" "$out" >> "$GITHUB_OUTPUT"
fi
echo "contend: $verdict ($code), files in $out"
exit "$code"
