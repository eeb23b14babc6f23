#!/bin/sh
# Copies the service's databases once a day, Temporal's first: a workflow that is older than PostgreSQL is told what it
# missed. Keeps the newest copy of each of the last 7 days, 4 weeks and 12 months. With "once" it makes one copy and ends.
set -eu
umask 077
target=${BACKUP_FOLDER:-/backups}

copy() {
  name=mile-$(date -u +%Y%m%dT%H%M%SZ)
  unfinished=$target/.unfinished
  rm -rf "$unfinished"
  mkdir -p "$unfinished"
  for database in temporal temporal_visibility mile; do
    pg_dump --format=custom --file="$unfinished/$database.dump" "$database"
  done
  (cd "$unfinished" && sha256sum -- *.dump > SHA256SUMS)
  # Renamed last: a folder with a date is a copy that was finished.
  mv "$unfinished" "$target/$name"
  echo "copied to $target/$name"
}

# The newest copy of each of the last periods; a period is what date makes of the copy's day by the format.
kept() {
  for name in $(ls "$target" | grep '^mile-.*Z$' | sort -r); do
    day=$(echo "$name" | cut -c 6-13)
    echo "$(date -u -d "$day" "+$1") $name"
  done | awk '!seen[$1]++ {print $2}' | head -n "$2"
}

prune() {
  { kept %Y-%m-%d 7; kept %G-%V 4; kept %Y-%m 12; } | sort -u > "$target/.kept"
  for name in $(ls "$target" | grep '^mile-.*Z$'); do
    grep -qx "$name" "$target/.kept" || { rm -rf "${target:?}/$name"; echo "deleted $name"; }
  done
}

while :; do
  copy
  prune
  [ "${1:-}" = once ] && exit
  sleep 86400
done
