#!/bin/sh
# Runs once, when PostgreSQL's volume is new: one user and database for the program, one user for Temporal, which makes
# its own two databases. Neither can read the other's.
set -eu

psql --username postgres --set ON_ERROR_STOP=1 \
  --set mile_password="$MILE_DATABASE_PASSWORD" --set temporal_password="$TEMPORAL_DATABASE_PASSWORD" <<'SQL'
CREATE ROLE mile LOGIN PASSWORD :'mile_password';
CREATE DATABASE mile OWNER mile;
REVOKE CONNECT ON DATABASE mile FROM PUBLIC;
CREATE ROLE temporal LOGIN CREATEDB PASSWORD :'temporal_password';
SQL
