"""A MariaDB of its own for tests, from the system's package, in a folder that vanishes."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

PLACES = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
OPTIONS = (
    "--skip-networking=0", "--bind-address=127.0.0.1", "--default-time-zone=+00:00",
    "--explicit-defaults-for-timestamp=1", "--lock-wait-timeout=20", "--sql-mode=",
    "--character-set-server=utf8mb4", "--innodb-flush-log-at-trx-commit=0",
)  # fmt: skip
PATIENCE_SECONDS = 90


@contextmanager
def mariadb_server(folder: Path) -> Iterator[str]:
    """The address of a database `erp` on a free port; skips where no server is installed."""
    server = shutil.which("mariadbd", path=PLACES)
    installer = shutil.which("mariadb-install-db", path=PLACES)
    if server is None or installer is None:
        pytest.skip("no MariaDB server is installed (apt-get install mariadb-server)")
    user = ["--user=root"] if os.geteuid() == 0 else []
    own = ["--no-defaults", *user, f"--datadir={folder / 'data'}"]
    subprocess.run(
        [installer, *own, "--auth-root-authentication-method=normal", "--skip-test-db"],
        check=True,
        capture_output=True,
    )
    port = _free_port()
    socket_file = Path("/tmp") / f"kam-test-{os.getpid()}-{port}.sock"  # a long path is refused
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            [server, *own, *OPTIONS, f"--port={port}", f"--socket={socket_file}"],
            stdout=log,
            stderr=log,
        )
    try:
        address = f"mariadb://root@127.0.0.1:{port}/erp"
        _wait_for(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    """Create the database as soon as the server answers."""
    engine = sa.create_engine(address.replace("mariadb://", "mariadb+pymysql://")[: -len("/erp")])
    for _ in range(PATIENCE_SECONDS * 2):
        assert process.poll() is None, "the server ended while it started"
        try:
            with engine.begin() as connection:
                connection.exec_driver_sql("create database if not exists erp")
            engine.dispose()
            return
        except sa.exc.OperationalError:
            time.sleep(0.5)
    raise AssertionError("the server did not answer")
