#!/bin/sh
# Create the virtual environment with the first Python of this machine that is new enough.
set -eu
venv=$1

new_enough='import sys; sys.exit(sys.version_info < (3, 11))'
if "$venv/bin/python" -c "$new_enough; import pip" 2>/dev/null; then
    exit 0
fi
for python in python3 python3.14 python3.13 python3.12 python3.11; do
    if "$python" -c "$new_enough" 2>/dev/null; then
        if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
            echo "Python is here, but its venv module is not. On Debian or Ubuntu: apt install python3-venv" >&2
            exit 1
        fi
        echo "Making $venv with $("$python" --version) …"
        exec "$python" -m venv --clear "$venv"
    fi
done
echo "Python 3.11 or newer is needed and was not found. On Debian 12 or newer: apt install python3 python3-venv" >&2
exit 1
