#!/bin/sh
# Import the extracts of a folder, in the order in which they depend on each other, and move each that was taken to a folder of
# the day. One that is refused stays, and the script ends with its status. FOLDER DONE
set -eu
incoming=$1
day=$2/$(date +%F)
umask 077
flask="$(dirname "$0")/../.venv/bin/flask"
for table in offices staff catalogue reasons escalation holidays forums tariff limits texts canned self_bills compensation \
    connections bills; do
    for file in "$incoming/$table".csv "$incoming/$table"-*.csv; do
        [ -e "$file" ] || continue
        echo "$table: $file"
        "$flask" --app app import "$table" "$file"
        mkdir -p "$day"
        mv "$file" "$day/"
    done
done
