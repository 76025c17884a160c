#!/usr/bin/env bash
# Keeps one issue with the file REPORT: opened when DRIFTED is `true`, closed when it is not.
set -euo pipefail

# The first line of what `formwork drift --format markdown` writes.
marker='<!-- formwork drift -->'

# Of people's own issues none is touched, even where one quotes the marker.
open=$(gh api --paginate "repos/$REPOSITORY/issues?state=open&per_page=100" \
  --jq ".[] | select(.pull_request == null and .user.type == \"Bot\" and ((.body // \"\") | startswith(\"$marker\"))) | .number")
open=${open%%$'\n'*}

if [[ $DRIFTED == true && -n $open ]]; then
  gh api --method PATCH "repos/$REPOSITORY/issues/$open" --field "body=@$REPORT" --silent
elif [[ $DRIFTED == true ]]; then
  gh issue create --repo "$REPOSITORY" --title "$TITLE" --body-file "$REPORT"
elif [[ -n $open ]]; then
  gh api --method PATCH "repos/$REPOSITORY/issues/$open" --field "body=@$REPORT" --field state=closed --silent
fi
