#!/bin/sh
# Sees to it that the tests have the real virus scanner clamd; without it they fail, they do not skip.
set -eu
. "$(dirname "$0")/debian_package.sh"
command -v clamd >/dev/null && exit 0
# The tests start clamd with signatures of their own.
install_packages "clamd and its programs" "clamav-daemon" "clamav-daemon.service clamav-daemon.socket clamav-freshclam.service"
