#!/bin/sh
# Install the real virus scanner clamd for the tests, which fail without it and are never skipped.
set -eu
. "$(dirname "$0")/debian_package.sh"
command -v clamd >/dev/null && exit 0
# The tests start clamd with their own signatures.
install_packages "clamd and its programs" "clamav-daemon" "clamav-daemon.service clamav-daemon.socket clamav-freshclam.service"
