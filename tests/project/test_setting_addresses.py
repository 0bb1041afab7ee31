"""Settings that are addresses: a malformed one is refused in a sentence that says what to write."""

import pytest

from wss.config import Config, ConfigError

SECRET = "hunter2"


@pytest.mark.parametrize(
    ("setting", "value", "instead"),
    [
        ("DATABASE_URL", f"postgres://wss:{SECRET}@db/wss", "postgresql://"),
        ("DATABASE_URL", f"postgresql://wss:{SECRET}@a:5432,b:5432/wss", "?host=a:5432&host=b:5432"),
        ("DATABASE_URL", f"postgresql://wss:{SECRET}@db:many/wss", "host:port/database"),
        ("DATABASE_URL", f"postgresql://wss:{SECRET}#@db/wss", "%23"),
        ("DATABASE_URL", f"mysql://wss:{SECRET}@db/wss", "postgresql://"),
        ("DATABASE_URL", "wss.db", "postgresql://"),
        ("SMTP_URL", "foo", "smtp://"),
        ("SMTP_URL", f"smtp://wss:{SECRET}/@mail:25", "%2F"),
        ("SMTP_URL", "smtp://mail:99999", "host:port"),
        ("DOCUMENTS_URL", "s3://documents", "file:///folder"),
        ("DOCUMENTS_URL", "/srv/documents", "file:///folder"),
        ("BILLING_URL", "billing.example.in", "https://"),
        ("BILLING_URL", f"https://wss:{SECRET}@billing.example.in", "without a login"),
        ("SMS_URL", "sms.example.in/out", "https://"),
        ("PUBLIC_URL", "https://example.in/wss", "without a path"),
        ("PUBLIC_URL", "wss.example.in", "https://wss.example.in"),
        ("CLAMD", "scanner", "host:port"),
        ("SMS_TOKEN", f"{SECRET}\r\nX-Other: 1", "ASCII"),
        ("PRIVATE_HOSTS", "https://billing.example.in", "billing.example.in,10.20.0.0/16"),
        ("PRIVATE_HOSTS", "0.0.0.0/0", "private addresses only"),
        ("PRIVATE_HOSTS", "169.254.169.254", "private addresses only"),
        ("PRIVATE_HOSTS", "10.0.0.300", "billing.example.in,10.20.0.0/16"),
        ("OUTBOUND_PROXY", f"https://wss:{SECRET}@proxy:3128", "http://host:port"),
        ("OUTBOUND_PROXY", "proxy:3128", "http://host:port"),
    ],
)
def test_a_malformed_address_is_refused_with_what_to_write_and_without_its_password(
    setting: str, value: str, instead: str
):
    with pytest.raises(ConfigError) as refused:
        Config.from_env({f"WSS_{setting}": value})

    sentence = str(refused.value)
    assert sentence.startswith(f"WSS_{setting} m") and instead in sentence and SECRET not in sentence


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("DATABASE_URL", "postgresql://wss:p%40%2F@db.example.in:5432/wss"),
        ("DATABASE_URL", "postgresql://wss@/wss?host=a:5432&host=b:5432&target_session_attrs=read-write"),
        ("DATABASE_URL", "postgresql:///wss"),
        ("DATABASE_URL", "sqlite:////srv/wss/wss.db"),
        ("SMTP_URL", "smtps://wss:p%23@mail.example.in:465"),
        ("DOCUMENTS_URL", "file:///srv/my%20documents"),
        ("BILLING_URL", "https://10.20.30.40:8443/wss"),
        ("PUBLIC_URL", "https://wss.example.in"),
        ("CLAMD", "[::1]:3310"),
    ],
)
def test_a_well_formed_address_is_kept_as_it_is(setting: str, value: str):
    assert getattr(Config.from_env({f"WSS_{setting}": value}), setting.lower()) == value


def test_all_malformed_settings_are_named_at_once():
    with pytest.raises(ConfigError, match=r"WSS_SMTP_URL .*; PORT "):
        Config.from_env({"WSS_SMTP_URL": "foo", "PORT": "x"})


def test_a_name_that_is_no_setting_and_the_embedded_database_are_warned_about_in_production():
    warnings = Config.from_env({"WSS_TRUSTED_PROXYS": "1"}).warnings()

    assert [text.split()[0] for text in warnings] == ["WSS_TRUSTED_PROXYS", "WSS_DATABASE_URL"]
