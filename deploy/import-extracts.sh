#!/bin/sh
# Import the nightly extracts of a folder, connections before bills, and move each that was taken to a folder of the day. One
# that is refused stays, and the script ends with its status. FOLDER DONE
# No other table: staff, limits, texts, offices and the rest give rights, or change what consumers read. The billing system
# writes to FOLDER and must not decide those: a person imports them.
set -eu
incoming=$1
day=$2/$(date +%F)
umask 077
flask="$(dirname "$0")/../.venv/bin/flask"
for table in connections bills; do
    for file in "$incoming/$table".csv "$incoming/$table"-*.csv; do
        # A symbolic link could lead to a file that only the site may read.
        [ -f "$file" ] && [ ! -L "$file" ] || continue
        echo "$table: $file"
        "$flask" --app app import "$table" "$file"
        mkdir -p "$day"
        mv "$file" "$day/"
    done
done
status=0
for file in "$incoming"/*; do
    [ -e "$file" ] || [ -L "$file" ] || continue
    echo "not imported: $file; only connections and bills are imported by the timer (docs/imports.md)" >&2
    status=1
done
exit $status
