#!/bin/sh
# Builds a release of this repository in a folder of its own: its files, its packages, and what Python and the Hindi
# catalogue are compiled to, since the site's user cannot write there. The running site is not touched.
#
#   deploy/release.sh TAG        writes /srv/wss/releases/TAG and prints the folder
set -eu
[ "$#" -eq 1 ] || { sed -n '5s/^# *//p' "$0" >&2; exit 2; }
tag=$1
folder=${WSS_RELEASES:-/srv/wss/releases}/$tag
umask 022
cd "$(dirname "$0")/.."
git rev-parse --quiet --verify "$tag^{commit}" >/dev/null || { echo "there is no $tag: git fetch --tags" >&2; exit 1; }
[ ! -e "$folder" ] || { echo "$folder exists" >&2; exit 1; }

trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder"
git archive "$tag" | tar -x -C "$folder"
python3 -m venv "$folder/.venv"
"$folder/.venv/bin/pip" install --quiet --require-hashes -r "$folder/requirements-production.txt"
cd "$folder"
.venv/bin/python -c 'from pathlib import Path; from wss.web.language import compile_catalogue; compile_catalogue(Path("translations"))'
.venv/bin/python -m compileall -q app.py gunicorn.conf.py wss migrations
trap - EXIT
echo "$folder"
