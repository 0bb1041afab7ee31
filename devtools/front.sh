#!/bin/sh
# Sees to it that the tests have nginx and openssl; without them they fail, they do not skip.
set -eu
. "$(dirname "$0")/debian_package.sh"
command -v nginx >/dev/null && command -v openssl >/dev/null && exit 0
install_packages "nginx and openssl" "nginx-light openssl" "nginx.service"
