#!/bin/sh
# `make drill-restore`: loses a PostgreSQL server after an accident, and restores database and documents to the moment before.
# A server, a repository and a site of its own on the loopback, with the shipped settings; nothing else is touched.
set -eu
cd "$(dirname "$0")/../.."
. devtools/debian_package.sh
command -v pgbackrest >/dev/null && command -v rsync >/dev/null ||
    install_packages "pgBackRest, rsync and PostgreSQL" "pgbackrest rsync postgresql-15" "postgresql.service"

bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
work=$(mktemp -d "${TMPDIR:-/tmp}/wss-drill.XXXXXX")
port=$(.venv/bin/python -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
data=$work/data copy=$work/copy documents=$work/site/documents
mkdir -m 700 "$work/repository" "$work/log" "$work/lock" "$work/socket" "$work/site" "$work/none"
# PostgreSQL refuses to run as root.
as_owner() { if [ "$(id -u)" -eq 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
[ "$(id -u)" -ne 0 ] || { chmod 711 "$work"; chown postgres: "$work/repository" "$work/log" "$work/lock" "$work/socket" "$work/none"; }

export PGBACKREST_CONFIG="$PWD/deploy/backup/pgbackrest.conf" PGBACKREST_CONFIG_INCLUDE_PATH="$work/none"
export PGBACKREST_REPO1_PATH="$work/repository" PGBACKREST_LOG_PATH="$work/log" PGBACKREST_LOCK_PATH="$work/lock"
export PGBACKREST_PG1_PATH="$data" PGBACKREST_PG1_PORT="$port" PGBACKREST_PG1_SOCKET_PATH="$work/socket"
export PGBACKREST_PG1_USER=postgres PGBACKREST_STANZA=wss
export WSS_ENV=development WSS_INSTANCE="$work/site" WSS_DATABASE_URL="postgresql+psycopg://postgres@127.0.0.1:$port/wss"

flask() { .venv/bin/flask --app app "$@"; }
query() { psql -qtAX -h 127.0.0.1 -p "$port" -U postgres -d "${2:-wss}" -v ON_ERROR_STOP=1 -c "$1"; }
server() { as_owner "$bin/pg_ctl" -D "$data" -s -w "$@"; }
seconds() { date +%s; }
say() { printf '%s  %s\n' "$(date -u +%H:%M:%S)" "$1"; }
# Every row of the tables that a consumer's complaint consists of, as one hash.
content() {
    query "SELECT md5(string_agg(md5(t::text), '' ORDER BY t::text)) FROM (
        SELECT a.*::text FROM audit_entry a UNION ALL SELECT e.*::text FROM event e
        UNION ALL SELECT s.*::text FROM staff_credential s UNION ALL SELECT d.*::text FROM document d) t"
}
finish() {
    status=$?
    [ ! -f "$data/postmaster.pid" ] || server -m immediate stop || true
    if [ "$status" -eq 0 ]; then rm -rf "$work"; else echo "FAILED; what there was is in $work" >&2; fi
}
trap finish EXIT

say "a PostgreSQL server with the shipped settings"
[ "$(id -u)" -ne 0 ] || install -d -m 700 -o postgres -g postgres "$data"
as_owner "$bin/initdb" -D "$data" -A trust -U postgres >"$work/initdb.log"
{ cat deploy/backup/postgresql.conf; echo "port = $port"; echo "listen_addresses = '127.0.0.1'"
  echo "unix_socket_directories = '$work/socket'"; } >>"$data/postgresql.conf"
server -l "$work/log/postgresql.log" start
query "CREATE DATABASE wss" postgres
flask db upgrade
flask demo load --connections 200 --requests 100 >"$work/demo.log"
flask mis rebuild >/dev/null

say "a full backup while the site writes"
as_owner pgbackrest stanza-create
as_owner pgbackrest check
( for person in E20005 E20006 E20067; do flask staff enrol "$person" >/dev/null; done ) & writer=$!
began=$(seconds)
as_owner pgbackrest --type=full backup
backup_s=$(($(seconds) - began))
wait "$writer"
deploy/backup/documents.sh save "$documents" "$copy"

say "more writing after the backup, then the moment to return to"
for person in E20005 E20006; do flask staff enrol "$person" >/dev/null; done
flask outbox deliver --once >"$work/worker.log" 2>&1
head=$(flask audit verify | sed -n 's/^Head of the chain.*: \([0-9]*:[0-9a-f]*\)$/\1/p')
before=$(content)
rows=$(query "SELECT count(*) FROM audit_entry")
moment=$(query "SELECT clock_timestamp()")
sleep 1

say "an archive that fails is noticed"
query "ALTER SYSTEM SET archive_command = 'false'"
query "SELECT pg_reload_conf()" >/dev/null
query "SELECT pg_switch_wal()" >/dev/null
until [ "$(query 'SELECT failed_count > 0 FROM pg_stat_archiver')" = t ]; do sleep 1; done
flask doctor --json >"$work/doctor.json" || true
grep -q '"archive"' "$work/doctor.json"
query "ALTER SYSTEM RESET archive_command"
query "SELECT pg_reload_conf()" >/dev/null

say "the accident: a table is dropped, names are overwritten, a document is deleted"
query "DROP TABLE event CASCADE; UPDATE connection SET consumer_name = 'wrong'"
find "$documents" -type f | head -n 1 | xargs rm
flask documents check >/dev/null 2>&1 && { echo "the lost document was not noticed" >&2; exit 1; }
query "SELECT pg_switch_wal()" >/dev/null
as_owner pgbackrest check
say "then the machine is lost"
kill -9 "$(head -n 1 "$data/postmaster.pid")"
sleep 1
rm -rf "$data"
[ "$(id -u)" -ne 0 ] || install -d -m 700 -o postgres -g postgres "$data"

say "restore to $moment"
began=$(seconds)
as_owner pgbackrest --type=time "--target=$moment" --target-action=promote restore
server -l "$work/log/postgresql.log" start
until [ "$(query 'SELECT pg_is_in_recovery()')" = f ]; do sleep 1; done
flask documents list | deploy/backup/documents.sh restore "$documents" "$copy"
restore_s=$(($(seconds) - began))

say "the restored copy is verified"
flask audit verify --noted "$head"
flask mis check
flask documents check
[ "$(content)" = "$before" ] || { echo "the restored rows differ" >&2; exit 1; }
[ "$(query "SELECT count(*) FROM connection WHERE consumer_name = 'wrong'")" = 0 ]

size=$(du -sh "$work/repository" | cut -f1)
echo
printf '%-48s %s\n' "full backup while the site wrote" "$backup_s s, repository $size" \
    "restore of database and documents" "$restore_s s" \
    "audit entries at the moment, after the restore" "$rows, $(query "SELECT count(*) FROM audit_entry")" \
    "rows that differ" 0
