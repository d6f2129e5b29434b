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

status=0
flowctl "${at[@]}" apply --auto-approve --expect-digest "$digest" "${approvals[@]}" || status=$?

# After an interrupted apply there is a journal: a plan settles it into the lockfile.
lockfile="flowctl.$ENVIRONMENT.lock"
if [ -e "$WORKSPACE/$lockfile.journal" ]; then flowctl "${at[@]}" plan -q >/dev/null || true; fi
cd "$WORKSPACE"
if [ -e "$lockfile" ]; then
  git add -- "$lockfile"
  if ! git diff --cached --quiet -- "$lockfile"; then
    git -c user.name=flowctl -c user.email=flowctl@users.noreply.github.com \
      commit -q -m "Record the apply in $ENVIRONMENT" -- "$lockfile"
    pushed=""
    for _ in 1 2 3; do
      if git push -q origin "HEAD:$GITHUB_REF_NAME"; then pushed=yes && break; fi
      git -c user.name=flowctl -c user.email=flowctl@users.noreply.github.com \
        pull -q --rebase origin "$GITHUB_REF_NAME" || break
    done
    [ -n "$pushed" ] || fail "The lockfile could not be pushed. Commit $lockfile by hand: it records what was created."
  fi
fi
exit "$status"
