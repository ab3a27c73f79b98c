"""Dagster's history of the nights that this process runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import sqlalchemy as sa
from dagster._core.instance.ref import InstanceRef
from dagster._core.storage.event_log.sqlite.sqlite_event_log import (
    SQLITE_BUSY_TIMEOUT_SECONDS,
    SqliteEventLogStorage,
)
from sqlalchemy.pool import StaticPool


class OpenEventLog(SqliteEventLogStorage):
    """The files of Dagster's own event log, kept open while a night runs.

    Dagster opens, flushes and closes a file for each of some 1,700 events. What the history loses
    where the power fails is its last events: the ledger is where a run is accounted for.
    """

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        self._engines: dict[str, sa.Engine] = {}
        self._tables: set[str] = set()
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> "OpenEventLog":
        """The log in the folder that the instance names."""
        return cls(inst_data=inst_data, **config_value)

    def has_table(self, table_name: str) -> bool:
        """Whether the index knows a table; one that is there stays."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sa.Connection]:
        with self._db_lock:
            engine = self._engines.get(shard) or self._open(shard)
            with engine.begin() as connection:
                yield connection

    def _open(self, shard: str) -> sa.Engine:
        engine = sa.create_engine(
            self.conn_string_for_shard(shard),
            poolclass=StaticPool,
            connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
        )
        sa.event.listen(engine, "connect", _without_waiting)
        self._initdb(engine)
        self._engines[shard] = engine
        return engine

    def dispose(self) -> None:
        """Close the files."""
        super().dispose()
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()


def _without_waiting(connection: Any, record: Any) -> None:
    connection.execute("pragma synchronous = normal")


def instance_of(folder: Path) -> dg.DagsterInstance:
    """The Dagster instance in a folder, as `make dev` shows it, for a process that runs nights."""
    log = {
        "module": OpenEventLog.__module__,
        "class": OpenEventLog.__name__,
        "config": {"base_dir": str(folder / "history" / "runs")},
    }
    reference = InstanceRef.from_dir(str(folder), overrides={"event_log_storage": log})
    return dg.DagsterInstance.from_ref(reference)
