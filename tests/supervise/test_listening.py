from pathlib import Path

import pytest

from appliance.ingest.sockets import ListenError
from appliance.settings import HepSettings
from appliance.supervise.listening import check_tls, hep_listeners, open_web
from tests.appliance import free_port
from tests.ingest.certificates import authority


def test_everything_that_hep_comes_by_is_opened(tmp_path: Path) -> None:
    signed = authority(tmp_path).sign("localhost")
    listen, tls_listen = (f"127.0.0.1:{free_port()}" for _ in range(2))
    settings = HepSettings(
        listen=listen, tls_listen=tls_listen, tls_certificate=signed.certificate, tls_key=signed.key, processes=2
    )
    found = hep_listeners(settings)
    assert (len(found.udp), len(found.streams)) == (2, 2)
    found.close()


def test_wrong_files_for_tls_stop_the_start_before_a_socket_is_opened(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    settings = HepSettings(tls_listen="127.0.0.1:9061", tls_certificate=missing, tls_key=missing)
    with pytest.raises(ListenError, match=r"tls_certificate .*missing: cannot be read"):
        hep_listeners(settings)


def test_without_tls_there_is_nothing_to_check() -> None:
    check_tls(HepSettings())


def test_a_port_of_the_gui_that_is_taken_is_one_sentence() -> None:
    listen = f"127.0.0.1:{free_port()}"
    with open_web(listen), pytest.raises(ListenError, match=rf"\[web\] listen {listen}: "):
        open_web(listen)
