#!/bin/sh
# Another password for a database, with overlap: a second login acts as the role that owns it, so that whoever has the
# first password goes on until the second one is everywhere. psql connects as a superuser, by PGHOST, PGUSER and so on.
#
#   database-login.sh add OWNER LOGIN   lets LOGIN in, with the password of NEW_PASSWORD, to act as OWNER
#   database-login.sh retire LOGIN      lets LOGIN in no more; refuses while somebody is connected by it
set -eu

run() {
  psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --set owner="${owner:-}" --set login="$login"
}

refuse() {
  echo "$1" >&2
  exit 2
}

add() {
  : "${NEW_PASSWORD:?set it, for instance to the output of: openssl rand -hex 24}"
  case $(echo "select rolcanlogin from pg_roles where rolname = :'login'" | run) in
    t) refuse "$login can log in already. Take another name: its password is in use." ;;
    f) ;;
    *) echo 'create role :"login"' | run ;;
  esac
  # What it makes belongs to the owner, too, as if there were no second login.
  [ "$login" = "$owner" ] || run <<'SQL'
grant :"owner" to :"login";
alter role :"login" set role to :"owner";
SQL
  run <<'SQL'
\getenv password NEW_PASSWORD
alter role :"login" login password :'password';
SQL
  echo "$login can log in, and acts as $owner."
}

retire() {
  connected=$(echo "select count(*) from pg_stat_activity where usename = :'login'" | run)
  [ "$connected" = 0 ] || refuse "$login has $connected open connections. Restart what still uses its password, then try again."
  echo 'alter role :"login" nologin password null' | run
  echo "$login can log in no more."
}

case "${1:-} $#" in
  "add 3") owner=$2 login=$3; add ;;
  "retire 2") login=$2; retire ;;
  *) refuse "database-login.sh add OWNER LOGIN | retire LOGIN" ;;
esac
