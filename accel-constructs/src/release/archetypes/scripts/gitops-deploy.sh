directory="apps/$CLUSTER/$NAME"
mkdir -p "$directory"
jq --null-input \
  --arg name "$NAME" \
  --arg namespace "$NAMESPACE" \
  --arg repository "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY" \
  --arg revision "$REVISION" \
  --arg image "$IMAGE" \
  --arg digest "$DIGEST" \
  --arg host "$HOST" \
  '{name: $name, namespace: $namespace, repository: $repository, revision: $revision,
    image: {repository: $image, digest: $digest}, host: $host}' > "$directory/config.json"
git add "$directory"
if git diff --cached --quiet; then
  echo "Nothing to change."
  exit 0
fi
gh auth setup-git
git config user.name "$GITHUB_ACTOR"
git config user.email "$GITHUB_ACTOR@users.noreply.github.com"
git commit --message "Deploy $NAME to $CLUSTER" --message "$GITHUB_REPOSITORY@$REVISION"
tries=0
until git push; do
  tries=$((tries + 1))
  test "$tries" -lt 5
  sleep "$tries"
  git pull --rebase
done
