#!/bin/sh
# Makes the namespace, and keeps finished quarters long enough to look back on a whole mentorship.
set -eu

temporal operator namespace describe -n default >/dev/null 2>&1 ||
  temporal operator namespace create -n default --retention 14400h
temporal operator namespace update -n default --retention 14400h
