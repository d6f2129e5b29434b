# Calls of GitHub's API, for the scripts of the action. Bodies and the token come from files: an argument may be too long.

api() { # METHOD PATH [FILE]
  curl -sS --fail-with-body -X "$1" ${3:+--data-binary "@$3"} \
    -H 'Accept: application/vnd.github+json' -H 'X-GitHub-Api-Version: 2022-11-28' \
    --config <(printf 'header = "Authorization: Bearer %s"\n' "$TOKEN") "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY$2"
}

every() { # PATH?: each object of all pages, one a line
  local page=1 part
  while true; do
    part=$(api GET "$1per_page=100&page=$page") || return 1
    jq -c '.[]' <<<"$part"
    [ "$(jq length <<<"$part")" -eq 100 ] || return 0
    page=$((page + 1))
  done
}

ours() { # MARKER: the first object that we wrote and whose text begins with the marker
  jq -cs --arg marker "$1" --arg author "$AUTHOR" \
    '[.[] | select(.user.login == $author and ((.body // "") | startswith($marker)))] | first // empty'
}

fail() {
  echo "::error::$1"
  exit 1
}

at=(-C "$WORKSPACE" -e "$ENVIRONMENT")
plan_marker="<!-- flowctl:plan env=$ENVIRONMENT "
drift_marker="<!-- flowctl:drift env=$ENVIRONMENT -->"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
