#!/bin/sh
# Sees to it that the tests have the real virus scanner clamd; without it they fail, they do not skip.
set -eu
PATH=$PATH:/usr/sbin:/usr/local/sbin
command -v clamd >/dev/null && exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "The scanner tests need clamd. Install it (Debian: sudo apt install clamav-daemon)." >&2
    exit 1
fi

echo "Installing clamav-daemon for the scanner tests …"
# The tests start clamd for themselves, with signatures of their own. Debian's services start neither now nor with
# the machine, so nothing scans it and nothing fetches signatures from outside.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends clamav-daemon >/dev/null 2>&1 || {
    echo "clamav-daemon could not be installed: apt-get install clamav-daemon says why." >&2
    exit 1
}
for unit in clamav-daemon.service clamav-daemon.socket clamav-freshclam.service; do
    deb-systemd-helper disable "$unit" >/dev/null 2>&1 || true
done
for service in clamav-daemon clamav-freshclam; do
    update-rc.d "$service" disable >/dev/null 2>&1 || true
done
