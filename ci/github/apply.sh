#!/usr/bin/env bash
# Apply what the comment of the merged pull request says and nothing else, and commit the lockfile back.
set -euo pipefail
. "$(dirname "$0")/api.sh"

pull=$(api GET "/commits/$GITHUB_SHA/pulls" | jq -c '[.[] | select(.merged_at != null)] | first // empty')
[ -n "$pull" ] || fail "Commit $GITHUB_SHA belongs to no merged pull request, so no plan of it was reviewed."
number=$(jq -r .number <<<"$pull")
every "/issues/$number/comments?" >"$scratch/comments"
digest=$(ours "$plan_marker" <"$scratch/comments" | jq -r .body | sed -nE '1s/.* digest=([0-9a-f]{64}) -->.*/\1/p')
[ -n "$digest" ] || fail "Pull request $number has no comment with a plan for environment $ENVIRONMENT."

approvals=()
while IFS= read -r rule; do
  approvals+=(--approve "$rule")
done < <(jq -r '.labels[].name | select(startswith("flowctl-approve:")) | ltrimstr("flowctl-approve:")' <<<"$pull")

# The manifests are those of the merge, and the lockfile is the newest: another merge may have been applied meanwhile.
branch=$GITHUB_REF_NAME
. "$(dirname "$0")/lockfile.sh"
newest_lockfile

status=0
flowctl "${at[@]}" apply --auto-approve --expect-digest "$digest" "${approvals[@]}" || status=$?

# After an interrupted apply there is a journal: a plan settles it into the lockfile.
if [ -e "$WORKSPACE/$lockfile.journal" ]; then flowctl "${at[@]}" plan -q >/dev/null || true; fi
if ! push_lockfile; then
  cat "$WORKSPACE/$lockfile"
  fail "The lockfile could not be pushed. Commit $lockfile as it is printed above: it records what was created."
fi
exit "$status"
