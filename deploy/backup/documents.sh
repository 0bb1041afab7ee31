#!/bin/sh
# Copies the folder of documents, for the restore of a database to a moment of the last DAYS days.
#
#   documents.sh save DOCUMENTS COPY [DAYS]
#   flask --app app documents list | documents.sh restore DOCUMENTS COPY
#
# Documents never change, so only new ones are copied. A deleted one stays in COPY/deleted for DAYS (15), as long as a database
# may be restored that names it, and leaves it then: run `save` after each backup of the database.
set -eu
command -v rsync >/dev/null || { echo "rsync is missing: apt-get install rsync" >&2; exit 1; }
[ "$#" -ge 3 ] || { sed -n '4,5s/^# *//p' "$0" >&2; exit 2; }
mode=$1 documents=$2 copy=$3 days=${4:-15}
umask 077

case $mode in
save)
    # An unmounted folder would look as if every document had been deleted.
    [ -n "$(ls -A "$documents")" ] || { echo "$documents is empty: nothing was copied" >&2; exit 1; }
    mkdir -p "$copy/present" "$copy/deleted"
    rsync -a --delete --exclude='*.half' --backup --backup-dir="$(cd "$copy" && pwd)/deleted/$(date -u +%Y-%m-%d)" \
        "$documents/" "$copy/present/"
    find "$copy/deleted" -mindepth 1 -maxdepth 1 -type d -mtime "+$days" -exec rm -rf {} +
    ;;
restore)
    mkdir -p "$documents"
    names=$(mktemp)
    trap 'rm -f "$names"' EXIT
    cat >"$names"
    for folder in "$copy/present" "$copy"/deleted/*; do
        [ -d "$folder" ] || continue
        rsync -a --ignore-existing --ignore-missing-args --files-from="$names" "$folder/" "$documents/"
    done
    ;;
*)
    echo "save or restore, not $mode" >&2
    exit 2
    ;;
esac
