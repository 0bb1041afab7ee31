# Install Debian packages for tests that start the programs themselves. Source this file: `. devtools/debian_package.sh`.

PATH=$PATH:/usr/sbin:/usr/local/sbin

# install_packages WHAT "PACKAGES" "UNITS": exits the script on failure. Services of the packages are not started, neither
# now nor at boot, so that they serve, scan and fetch nothing outside the tests.
install_packages() {
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
        echo "$1 are missing. Install them (Debian: sudo apt install $2)." >&2
        exit 1
    fi
    echo "Installing $2 for the tests …"
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        trap 'rm -f "$policy"' EXIT
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod +x "$policy"
    fi
    # shellcheck disable=SC2086 # a list of packages
    if ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $2; } >/dev/null
    then
        echo "$2 could not be installed: apt-get install $2 says why." >&2
        exit 1
    fi
    for unit in $3; do
        deb-systemd-helper disable "$unit" >/dev/null 2>&1 || true
        update-rc.d "${unit%.*}" disable >/dev/null 2>&1 || true
    done
}
