#!/usr/bin/env bash
# Look for drift, and keep one issue: opened or renewed while there is drift, closed when it is gone.
set -euo pipefail
. "$(dirname "$0")/api.sh"

status=0
flowctl "${at[@]}" drift --format markdown >"$scratch/drift.md" || status=$?
cat "$scratch/drift.md" >>"$GITHUB_STEP_SUMMARY"
if [ "$status" -ne 0 ] && [ "$status" -ne 3 ]; then
  cat "$scratch/drift.md"
  fail "flowctl drift failed, so nothing is known of drift in environment $ENVIRONMENT."
fi

every "/issues?state=open&" >"$scratch/issues"
number=$(ours "$drift_marker" <"$scratch/issues" | jq -r .number)
if [ "$status" -eq 3 ]; then
  { echo "$drift_marker" && cat "$scratch/drift.md"; } |
    jq -Rs --arg title "Drift in environment $ENVIRONMENT" '{title: $title, body: .}' >"$scratch/issue.json"
  if [ -n "$number" ]; then api PATCH "/issues/$number" "$scratch/issue.json" >/dev/null
  else api POST "/issues" "$scratch/issue.json" >/dev/null; fi
  echo "::warning::Environment $ENVIRONMENT has drifted; an open issue shows how."
elif [ -n "$number" ]; then
  echo '{"state": "closed", "state_reason": "completed"}' >"$scratch/issue.json"
  api PATCH "/issues/$number" "$scratch/issue.json" >/dev/null
fi
