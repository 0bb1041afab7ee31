#!/bin/sh
# Install a browser and a Devanagari font for the browser tests, which fail without them and are never skipped.
set -eu
. "$(dirname "$0")/debian_package.sh"
chromium=${WSS_CHROMIUM:-/usr/bin/chromium-headless-shell}

missing=
[ -x "$chromium" ] || missing="chromium-headless-shell"
fc-list :lang=hi 2>/dev/null | grep -q . || missing="$missing fonts-noto-core"
[ -n "$missing" ] || exit 0
install_packages "A browser (WSS_CHROMIUM names another one) and a Devanagari font" "fontconfig $missing" ""
