"""The scanner's verdict counts only when it is complete; a missing answer is never "clean"."""

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.fixtures.scanners import EICAR, MARKER, STREAM_MAX_LENGTH, VirusScanner
from tests.gateways.hostile_images import a_jpeg
from tests.gateways.hostile_pdfs import a_pdf, written
from wss.domain.uploads import ScanState
from wss.gateways.scanner import Clamd, NoScanner, NoVerdict, ScannerUnreachable, Verdict, scanner_from

SIGNATURE = b"X5O!P%@AP"
Script = Callable[[socket.socket], None]


def received(line: socket.socket) -> bytes:
    """Read one document as clamd does."""
    with line.makefile("rb") as heard:
        assert heard.read(10) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack("!I", heard.read(4))[0]:
            content += heard.read(length)
        return content


def honest(line: socket.socket) -> None:
    found = SIGNATURE in received(line)
    line.sendall(b"stream: Test.Signature FOUND\0" if found else b"stream: OK\0")


def answering(answer: bytes) -> Script:
    def script(line: socket.socket) -> None:
        received(line)
        line.sendall(answer)

    return script


def too_large_for_it(line: socket.socket) -> None:
    line.recv(100)
    line.sendall(b"INSTREAM size limit exceeded. ERROR\0")


def hanging_up_at_once(line: socket.socket) -> None:
    line.recv(10)


# A client that waited longer than the limit would get the best of verdicts in the end.
IN_THE_END = b"stream: OK\0"


def silent(line: socket.socket) -> None:
    received(line)
    time.sleep(3)
    line.sendall(IN_THE_END)


def deaf(line: socket.socket) -> None:
    time.sleep(3)
    received(line)
    line.sendall(IN_THE_END)


def dripping(line: socket.socket) -> None:
    received(line)
    for letter in IN_THE_END:
        line.sendall(bytes([letter]))
        time.sleep(0.3)


def babbling(line: socket.socket) -> None:
    received(line)
    for _ in range(10_000):
        line.sendall(b"x" * 10_000)


@pytest.fixture
def clamd() -> Iterator[Callable[[Script], Clamd]]:
    """Return a function that starts a scanner on this machine, which follows a script for one document."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(script: Script) -> None:
        line, _ = listener.accept()
        with line:
            try:
                script(line)
            except (OSError, struct.error):
                return

    def start(script: Script) -> Clamd:
        threading.Thread(target=serve, args=(script,), daemon=True).start()
        return Clamd("127.0.0.1", listener.getsockname()[1], timeout=1)

    yield start
    listener.close()


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 5_000_000])
def test_a_document_of_any_size_is_found_clean(clamd, size):
    assert clamd(honest).scan(b"a" * size) == Verdict(ScanState.CLEAN)


def test_an_infected_document_is_found_and_named(clamd):
    verdict = clamd(honest).scan(b"a" * 70_000 + SIGNATURE)

    assert verdict == Verdict(ScanState.INFECTED, "Test.Signature")


@pytest.mark.parametrize(
    "script",
    [
        answering(b""),
        answering(b"\0"),
        answering(b"stream: lstat() failed ERROR\0"),
        answering(b"UNKNOWN COMMAND\0"),
        answering(b"stream: NOT OK\0"),
        answering(b"\xff\xfe\0"),
        too_large_for_it,
        hanging_up_at_once,
        silent,
        deaf,
        dripping,
        babbling,
    ],
)
def test_anything_but_a_verdict_is_no_verdict(clamd, script):
    with pytest.raises(ScannerUnreachable):
        clamd(script).scan(b"a" * 5_000_000)


def test_the_reason_of_an_early_hang_up_is_reported(clamd):
    with pytest.raises(ScannerUnreachable, match=r"size limit exceeded|hung up|reset|pipe"):
        clamd(too_large_for_it).scan(b"a" * 5_000_000)


def test_a_scanner_that_is_down_gives_no_verdict():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    with pytest.raises(ScannerUnreachable):
        Clamd("127.0.0.1", port, timeout=1).scan(b"a")


def test_without_a_scanner_a_document_is_not_scanned_rather_than_clean():
    assert NoScanner().scan(b"a") == Verdict(ScanState.NOT_SCANNED)


@pytest.mark.parametrize("address", ["", None])
def test_no_setting_means_no_scanner(address):
    assert isinstance(scanner_from(address), NoScanner)


@pytest.mark.parametrize(("address", "host"), [("scanner:3310", "scanner"), ("[::1]:3310", "::1")])
def test_the_setting_names_host_and_port(address, host):
    scanner = scanner_from(address)

    assert isinstance(scanner, Clamd)
    assert (scanner.host, scanner.port) == (host, 3310)


@pytest.mark.parametrize("address", ["scanner", ":3310", "scanner:", "scanner:clam"])
def test_a_setting_that_names_no_port_is_refused_by_its_name(address):
    with pytest.raises(ValueError, match="WSS_CLAMD"):
        scanner_from(address)


def test_the_real_scanner_finds_honest_documents_clean(virus_scanner: VirusScanner):
    scanner = virus_scanner.client

    assert [scanner.scan(each) for each in (a_jpeg(), written(a_pdf()))] == [Verdict(ScanState.CLEAN)] * 2


def test_the_real_scanner_answers_a_check_without_a_document(virus_scanner: VirusScanner):
    virus_scanner.client.check()


def test_the_real_scanner_finds_the_file_on_which_all_scanners_agree(virus_scanner: VirusScanner):
    verdict = virus_scanner.client.scan(EICAR)

    assert verdict == Verdict(ScanState.INFECTED, "WSS.Eicar.UNOFFICIAL")


@pytest.mark.parametrize("size", [STREAM_MAX_LENGTH + 1, 5 * STREAM_MAX_LENGTH])
def test_what_the_real_scanner_finds_too_large_is_never_clean(virus_scanner: VirusScanner, size: int):
    with pytest.raises(ScannerUnreachable):
        virus_scanner.client.scan(b"a" * size)


def test_the_real_scanner_serves_many_at_once(virus_scanner: VirusScanner):
    scanner = virus_scanner.client

    with ThreadPoolExecutor(8) as askers:
        states = [verdict.state for verdict in askers.map(scanner.scan, [a_jpeg(), MARKER] * 20)]

    assert states == [ScanState.CLEAN, ScanState.INFECTED] * 20
    assert virus_scanner.megabytes() < 100


def test_the_real_scanner_killed_while_it_is_asked_gives_no_verdict(virus_scanner: VirusScanner):
    virus_scanner.stall()
    death = threading.Timer(0.2, virus_scanner.kill)
    death.start()

    with pytest.raises(ScannerUnreachable):
        virus_scanner.client.scan(a_jpeg())
    death.join()


def test_the_scanners_own_error_is_distinguished_from_its_absence(clamd):
    with pytest.raises(NoVerdict, match="lstat"):
        clamd(answering(b"stream: lstat() failed ERROR\0")).scan(b"a")
