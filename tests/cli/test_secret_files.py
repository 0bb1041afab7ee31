"""Secrets in files and in credentials of systemd, instead of variables of the environment."""

from pathlib import Path

import pytest

from wss.config import SETTINGS, Config, ConfigError

SECRET_NAMES = [each.name for each in SETTINGS.values() if each.is_secret]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a file with a value, and the line break that editors add."""
    path = tmp_path / "WSS_SECRET_KEY"
    path.write_text("first-value\n", encoding="utf-8")
    return path


def test_a_secret_is_read_from_the_file_that_is_named(file: Path):
    config = Config.from_env({"WSS_SECRET_KEY_FILE": str(file)})

    assert (config.secret_key, config.secret_files, config.unknown) == ("first-value", (file,), ())


def test_a_secret_is_read_from_a_credential_of_systemd(file: Path):
    assert Config.from_env({"CREDENTIALS_DIRECTORY": str(file.parent)}).secret_key == "first-value"


def test_former_secrets_may_have_a_line_each(file: Path):
    file.write_text("one\ntwo, three\n", encoding="utf-8")

    assert Config.from_env({"WSS_SECRET_KEY_OLD_FILE": str(file)}).secret_key_old == ("one", "two", "three")


@pytest.mark.parametrize("other", ["WSS_SECRET_KEY", "CREDENTIALS_DIRECTORY"])
def test_a_secret_that_is_given_twice_is_refused(file: Path, other: str):
    environ = {"WSS_SECRET_KEY_FILE": str(file), other: str(file.parent)}

    with pytest.raises(ConfigError, match="WSS_SECRET_KEY is given twice"):
        Config.from_env(environ)


@pytest.mark.parametrize("content", [None, b"", b"\n", b"\xff\xfe"])
def test_a_file_without_a_value_is_refused_by_its_name(tmp_path: Path, content: bytes | None):
    path = tmp_path / "token"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(ConfigError, match=f"WSS_SMS_TOKEN cannot be read from {path}"):
        Config.from_env({"WSS_SMS_TOKEN_FILE": str(path)})


@pytest.mark.parametrize(
    "name", [name for name in SETTINGS if name.endswith(("token", "secret", "secret_key"))]
)
def test_every_setting_that_sounds_secret_can_be_in_a_file(name: str):
    assert SETTINGS[name].name in SECRET_NAMES


def test_a_file_for_a_setting_that_is_no_secret_is_unknown():
    assert Config.from_env({"WSS_SMTP_FROM_FILE": "x"}).unknown == ("WSS_SMTP_FROM_FILE",)
