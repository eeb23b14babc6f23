#!/bin/sh
# Runs once, when PostgreSQL's volume is new: a login and a database for the program, a login and two databases for Temporal.
# Each login owns its databases and can connect to no other's; only the superuser postgres, with a password of its own, can.
set -eu

psql --username postgres --set ON_ERROR_STOP=1 \
  --set mile_password="$MILE_DATABASE_PASSWORD" --set temporal_password="$TEMPORAL_DATABASE_PASSWORD" <<'SQL'
CREATE ROLE mile LOGIN PASSWORD :'mile_password';
CREATE ROLE temporal LOGIN PASSWORD :'temporal_password';
CREATE DATABASE mile OWNER mile;
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
REVOKE CONNECT ON DATABASE mile, temporal, temporal_visibility FROM PUBLIC;
SQL
