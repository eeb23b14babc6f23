#!/bin/sh
# Copies the service's databases, Temporal's first: a workflow that is older than PostgreSQL is told what it missed.
# Keeps the newest copy of each of the last 7 days, 4 weeks and 12 months. psql connects as a superuser, by PGHOST and so on.
#
#   backup.sh                copies now, and then once a day
#   backup.sh once           makes one copy
#   backup.sh restore NAME   restores a copy; the databases of now stay, under other names
set -eu
umask 077
target=${BACKUP_FOLDER:-/backups}
databases=${BACKUP_DATABASES:-temporal temporal_visibility mile}

# What mile doctor and the alert MileBackupOld look at, in the program's own database.
note() {
  case " $databases " in *" mile "*) run mile --command "$1" ;; esac
}

copy() {
  note "insert into backup_status (began_at) values (clock_timestamp()) on conflict do nothing"
  name=mile-$(date -u +%Y%m%dT%H%M%SZ)
  unfinished=$target/.unfinished
  rm -rf "$unfinished"
  mkdir -p "$unfinished"
  for database in $databases; do
    pg_dump --format=custom --file="$unfinished/$database.dump" "$database"
  done
  (cd "$unfinished" && sha256sum -- *.dump > SHA256SUMS)
  # Renamed last: a folder with a date is a copy that was finished.
  mv "$unfinished" "$target/$name"
  note "update backup_status set finished_at = clock_timestamp()"
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

run() {
  psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --dbname "$@"
}

refuse() {
  echo "$1" >&2
  exit 2
}

restore() {
  export PGOPTIONS="-c client_min_messages=warning"
  [ -f "$target/$1/SHA256SUMS" ] || refuse "$target/$1 is no finished copy. Name one of: $(ls "$target" | tr '\n' ' ')"
  (cd "$target/$1" && sha256sum -c SHA256SUMS) || refuse "$target/$1 is not as it was written. Use another copy."
  connected=$(run postgres --command "select count(*) from pg_stat_activity where backend_type = 'client backend' and datname = any(string_to_array('$databases', ' '))")
  [ "$connected" = 0 ] || refuse "Still connected to the databases: $connected. Stop the worker, the pages and Temporal first."
  before=before_$(date -u +%Y%m%d_%H%M%S)
  for database in $databases; do
    owner=$(run postgres --command "select pg_get_userbyid(datdba) from pg_database where datname = '$database'")
    [ -n "$owner" ] || refuse "There is no database $database. deploy/databases.sh makes it, empty, on a new server."
    dropdb --if-exists "${database}_restored"
    createdb --template template0 --owner "$owner" "${database}_restored"
    run postgres --command "revoke connect on database ${database}_restored from public"
    pg_restore --exit-on-error --dbname "${database}_restored" "$target/$1/$database.dump"
  done
  case " $databases " in *" mile "*)
    # They may have left since the copy was made.
    run mile_restored --command "update outbox set state = 'held' where state in ('queued', 'sending')"
    held=$(run mile_restored --command "select count(*) from outbox where state = 'held'")
    echo "emails that are held: $held" ;;
  esac
  # All or none: a database that somebody is connected to cannot be renamed.
  for database in $databases; do
    echo "alter database $database rename to ${database}_$before;"
    echo "alter database ${database}_restored rename to $database;"
  done | run postgres --single-transaction --file -
  echo "restored $1; what was there before is in databases whose names end in _$before"
}

if [ "${1:-}" = restore ]; then
  restore "${2:?say which copy to restore}"
  exit
fi
while :; do
  copy
  prune
  [ "${1:-}" = once ] && exit
  sleep 86400
done
