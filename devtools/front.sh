#!/bin/sh
# Install nginx and openssl for the tests, which fail without them and are never skipped.
set -eu
. "$(dirname "$0")/debian_package.sh"
command -v nginx >/dev/null && command -v openssl >/dev/null && exit 0
install_packages "nginx and openssl" "nginx-light openssl" "nginx.service"
