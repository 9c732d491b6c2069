target="s3://$BUCKET/$PREFIX"
aws s3 sync site/ "$target" --exclude '*' --include "$ASSETS/*" --cache-control 'public, max-age=31536000, immutable'
aws s3 sync site/ "$target" --exclude "$ASSETS/*" --cache-control no-cache --delete
aws cloudfront create-invalidation --distribution-id "$DISTRIBUTION" --paths "/$PREFIX*"
