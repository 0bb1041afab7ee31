#!/bin/sh
# Sees to it that the browser tests have a browser and a Devanagari font; without them the tests fail, they do not skip.
set -eu
chromium=${WSS_CHROMIUM:-/usr/bin/chromium-headless-shell}

missing=
[ -x "$chromium" ] || missing="chromium-headless-shell"
fc-list :lang=hi 2>/dev/null | grep -q . || missing="$missing fonts-noto-core"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing$(printf ' %s' $missing) for the browser tests …"
    apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends fontconfig $missing >/dev/null
    exit 0
fi
echo "The browser tests need: $missing. Install it (Debian: sudo apt install $missing), or name another Chromium in WSS_CHROMIUM." >&2
exit 1
