"""Documents are stored whole, under names that cannot be guessed, and never outside their folder."""

import re
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wss.domain.errors import StoreAway
from wss.gateways.documents import DocumentMissing, FolderStore, store_from_url

OUTSIDE = [
    "", ".", "..", "../secret.jpg", "/etc/passwd", "ab/../../secret.jpg", "ab/" + "ab" * 16, "ab\0",
    "ab/" + "ab" * 16 + ".exe", "ab/" + "cd" * 16 + ".jpg", "AB/" + "AB" * 16 + ".jpg",
    "ab/" + "ab" * 16 + ".jpg\n", "ab/" + "ab" * 500 + ".jpg",
]  # fmt: skip


@pytest.fixture
def store(tmp_path):
    return FolderStore(tmp_path / "documents")


def files_of(store: FolderStore) -> list[Path]:
    return [path for path in store.root.rglob("*") if path.is_file()]


def test_what_was_put_is_got_back(store):
    assert store.get(store.put(b"meter", "jpg")) == b"meter"


def test_a_key_says_nothing_and_names_the_kind(store):
    assert re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{32}\.pdf", store.put(b"bill", "pdf"))


def test_the_same_document_twice_has_two_keys(store):
    assert store.put(b"meter", "jpg") != store.put(b"meter", "jpg")


def test_a_deleted_document_is_missing(store):
    key = store.put(b"meter", "jpg")

    store.delete(key)

    with pytest.raises(DocumentMissing):
        store.get(key)


def test_deleting_twice_is_no_error(store):
    key = store.put(b"meter", "jpg")

    store.delete(key)
    store.delete(key)


@pytest.mark.parametrize(
    "use",
    [
        lambda store, _key: store.put(b"meter", "jpg"),
        lambda store, key: store.restore(f"ab/ab{'0' * 30}.jpg", b"meter"),
        FolderStore.get,
        FolderStore.delete,
    ],
)
def test_while_the_disk_of_the_folder_is_away_nothing_is_stored_missing_or_deleted(store, use):
    key = store.put(b"meter", "jpg")
    store.proof = store.root / "proof"
    store.proof.touch()
    mounted = store.root.rename(store.root.parent / "elsewhere")
    store.root.mkdir()

    with pytest.raises(StoreAway):
        use(store, key)

    assert files_of(store) == []
    assert (mounted / key).read_bytes() == b"meter"


@pytest.mark.parametrize("key", OUTSIDE)
def test_a_key_that_leads_elsewhere_is_missing(store, key):
    (store.root.parent / "secret.jpg").write_bytes(b"secret")

    with pytest.raises(DocumentMissing):
        store.get(key)


@pytest.mark.parametrize("key", OUTSIDE)
def test_nothing_elsewhere_can_be_deleted(store, key):
    secret = store.root.parent / "secret.jpg"
    secret.write_bytes(b"secret")

    store.delete(key)

    assert secret.exists()


@given(st.text())
def test_no_text_as_a_key_leads_out_of_the_folder(tmp_path_factory, key):
    with pytest.raises(DocumentMissing):
        FolderStore(tmp_path_factory.getbasetemp()).get(key)


def test_a_link_out_of_the_folder_is_not_followed(store):
    key = store.put(b"meter", "jpg")
    secret = store.root.parent / "secret.jpg"
    secret.write_bytes(b"secret")
    (store.root / key).unlink()
    (store.root / key).symlink_to(secret)

    with pytest.raises(DocumentMissing):
        store.get(key)


@pytest.mark.parametrize("ending", ["", "exe", "jpg/..", "../x", "JPG", "jpg\n"])
def test_only_endings_of_documents_are_kept(store, ending):
    with pytest.raises(ValueError, match="ending"):
        store.put(b"x", ending)


def test_no_one_else_on_the_machine_may_read_a_document(store):
    (kept,) = files_of(store) if store.put(b"meter", "jpg") else ()

    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_failed_write_leaves_nothing_behind(store, monkeypatch):
    def full_disk(descriptor: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)

    with pytest.raises(OSError, match="No space"):
        store.put(b"meter", "jpg")
    assert files_of(store) == []


def test_the_setting_names_a_folder(tmp_path):
    store = store_from_url(f"file://{tmp_path}/my%20documents")

    assert store.get(store.put(b"meter", "jpg")) == b"meter"
    assert (tmp_path / "my documents").is_dir()


@pytest.mark.parametrize(
    "url", ["s3://key:secret@bucket/x", "documents", "file://server/x", "", "file:relative"]
)
def test_a_store_that_is_not_supported_is_refused_by_the_name_of_its_setting(url):
    with pytest.raises(ValueError, match="WSS_DOCUMENTS_URL") as refused:
        store_from_url(url)

    assert "secret" not in str(refused.value)
