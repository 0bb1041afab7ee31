"""The version of this release; CHANGELOG.md says what an upgrade to it needs."""

VERSION = "1.1.0"
