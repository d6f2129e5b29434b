#!/usr/bin/env bash
# Plan, and keep one comment of the pull request current. A pull request from a fork has no secrets: it is validated only.
set -euo pipefail
. "$(dirname "$0")/api.sh"

if [ -n "$HEAD_REPOSITORY" ] && [ "$HEAD_REPOSITORY" != "$GITHUB_REPOSITORY" ]; then
  echo "::notice::This pull request comes from a fork, so it is validated and not planned."
  exit 0
fi

status=0
flowctl "${at[@]}" plan --out "$scratch/plan.json" --format github || status=$?
if [ -e "$scratch/plan.json" ]; then
  flowctl -C "$WORKSPACE" show "$scratch/plan.json" --format markdown >"$scratch/comment.md"
  flowctl -C "$WORKSPACE" show "$scratch/plan.json" --format json >"$scratch/shown.json"
  jq -r '"changes=\(.changes | length)", "replacements=\(.summary.replace)", "deletes=\(.summary.delete)",
    "digest=\(.digest)"' "$scratch/shown.json" >>"$GITHUB_OUTPUT"
else
  flowctl "${at[@]}" plan --format markdown >"$scratch/comment.md" || true
fi
cat "$scratch/comment.md" >>"$GITHUB_STEP_SUMMARY"

if [ -n "$PULL_REQUEST" ]; then
  every "/issues/$PULL_REQUEST/comments?" >"$scratch/comments"
  id=$(ours "$plan_marker" <"$scratch/comments" | jq -r .id)
  jq -Rs '{body: .}' "$scratch/comment.md" >"$scratch/body.json"
  if [ -n "$id" ]; then api PATCH "/issues/comments/$id" "$scratch/body.json" >/dev/null
  else api POST "/issues/$PULL_REQUEST/comments" "$scratch/body.json" >/dev/null; fi
fi
exit "$status"
