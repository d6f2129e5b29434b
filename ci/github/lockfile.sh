# The lockfile of an environment, read from its branch before an apply and committed there after it.

lockfile="flowctl.$ENVIRONMENT.lock"
tracked="$(git -C "$WORKSPACE" rev-parse --show-prefix)$lockfile"

newest_lockfile() {
  git fetch -q origin "$branch"
  if git cat-file -e "FETCH_HEAD:$tracked" 2>/dev/null; then
    git show "FETCH_HEAD:$tracked" >"$WORKSPACE/$lockfile"
  fi
}

# A commit of the lockfile alone on top of the branch, in a checkout of its own; again if somebody pushed meanwhile.
push_lockfile() {
  [ -e "$WORKSPACE/$lockfile" ] || return 0
  local try there
  for try in 1 2 3; do
    there="$scratch/branch-$try"
    git fetch -q origin "$branch"
    git worktree add -q --detach "$there" FETCH_HEAD
    cp "$WORKSPACE/$lockfile" "$there/$tracked"
    git -C "$there" add -- "$tracked"
    if git -C "$there" diff --cached --quiet; then return 0; fi
    git -C "$there" -c user.name=flowctl -c user.email=flowctl@users.noreply.github.com \
      commit -q -m "Record the apply in $ENVIRONMENT"
    if git -C "$there" push -q origin "HEAD:$branch"; then return 0; fi
  done
  return 1
}
