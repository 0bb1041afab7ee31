#!/bin/sh
# Sees to it that the tests have nginx and openssl; without them they fail, they do not skip.
set -eu
PATH=$PATH:/usr/sbin:/usr/local/sbin
command -v nginx >/dev/null && command -v openssl >/dev/null && exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "The server tests need nginx and openssl. Install them (Debian: sudo apt install nginx-light openssl)." >&2
    exit 1
fi
echo "Installing nginx for the server tests …"
# The tests start nginx for themselves: Debian's service starts neither now nor with the machine.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nginx-light openssl >/dev/null
deb-systemd-helper disable nginx.service >/dev/null 2>&1 || true
update-rc.d nginx disable >/dev/null 2>&1 || true
