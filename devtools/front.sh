#!/bin/sh
# Install nginx, openssl and systemd-analyze for the tests, which fail without them and are never skipped.
set -eu
. "$(dirname "$0")/debian_package.sh"
command -v nginx >/dev/null && command -v openssl >/dev/null && command -v systemd-analyze >/dev/null && exit 0
install_packages "nginx, openssl and systemd-analyze" "nginx-light openssl systemd" "nginx.service"
