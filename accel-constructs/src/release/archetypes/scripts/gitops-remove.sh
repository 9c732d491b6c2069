directory="apps/$CLUSTER/$NAME"
if ! test -d "$directory"; then
  echo "Nothing to remove."
  exit 0
fi
git rm -r "$directory"
gh auth setup-git
git config user.name "$GITHUB_ACTOR"
git config user.email "$GITHUB_ACTOR@users.noreply.github.com"
git commit --message "Remove $NAME from $CLUSTER" --message "$GITHUB_REPOSITORY"
tries=0
until git push; do
  tries=$((tries + 1))
  test "$tries" -lt 5
  sleep "$tries"
  git pull --rebase
done
