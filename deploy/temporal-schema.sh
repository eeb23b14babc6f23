#!/bin/sh
# Brings Temporal's two databases to the schema of this server version; safe to run at every start. A schema that is there
# already is left alone; a real failure shows at the last step, which must succeed. SQL_PASSWORD comes from the environment.
set -eu

schema() {
  tool="temporal-sql-tool --plugin postgres12 --ep postgres -p 5432 -u temporal --db $1"
  $tool setup-schema -v 0.0 || echo "the schema of $1 is there already"
  $tool update-schema -d "/etc/temporal/schema/postgresql/v12/$2/versioned"
}

schema temporal temporal
schema temporal_visibility visibility
