status=0
cargo run --release --locked --features deploy -- drift --exit-code > drift.txt || status=$?
cat drift.txt
case "$status" in
  0) echo "Nothing has drifted."; exit 0 ;;
  2) ;;
  *) exit "$status" ;;
esac
title="The infrastructure has drifted"
body=$(printf 'Found by %s/%s/actions/runs/%s\n\n```\n%s\n```\n' \
  "$GITHUB_SERVER_URL" "$GITHUB_REPOSITORY" "$GITHUB_RUN_ID" "$(head --bytes 60000 drift.txt)")
issue=$(gh issue list --state open --search "\"$title\" in:title" --json number --jq '.[0].number // empty')
if test -n "$issue"; then
  gh issue comment "$issue" --body "$body"
else
  gh issue create --title "$title" --body "$body"
fi
