#!/bin/sh
# Runs once, in an empty PostgreSQL: a database and a role per service, closed to the others.
set -eu
for service in identity cases licensing billing; do
    password=$(printenv "$(echo "$service" | tr '[:lower:]' '[:upper:]')_DATABASE_PASSWORD")
    psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
        --set service="$service" --set password="$password" <<'SQL'
CREATE ROLE :"service" LOGIN PASSWORD :'password';
CREATE DATABASE :"service" OWNER :"service";
REVOKE CONNECT ON DATABASE :"service" FROM PUBLIC;
SQL
    psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$service" <<'SQL'
CREATE EXTENSION pg_trgm;
CREATE EXTENSION unaccent;
CREATE EXTENSION citext;
CREATE EXTENSION btree_gin;
CREATE EXTENSION btree_gist;
SQL
done
