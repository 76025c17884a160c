#!/usr/bin/env bash
# Posts the file COMMENT on a pull request, in place of what an earlier run has posted.
set -euo pipefail

# The first line of what `formwork diff --format markdown` writes.
marker='<!-- formwork diff -->'

# Of people's own comments none is touched, even where one quotes the marker.
earlier=$(gh api --paginate "repos/$REPOSITORY/issues/$PULL_REQUEST/comments" \
  --jq ".[] | select(.user.type == \"Bot\" and (.body | startswith(\"$marker\"))) | .id")
earlier=${earlier%%$'\n'*}

post() {
  if [[ -n $earlier ]]; then
    gh api --method PATCH "repos/$REPOSITORY/issues/comments/$earlier" --field "body=@$COMMENT" --silent
  else
    gh pr comment "$PULL_REQUEST" --repo "$REPOSITORY" --body-file "$COMMENT"
  fi
}

# The token of a pull request from a fork may not write.
post || echo '::warning::the comment cannot be written; it stands in the summary of this job'
