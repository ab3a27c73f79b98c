"""The only reader of environment variables and of the wall clock."""

import getpass
import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path

from assets.faults import ConfigurationFault
from assets.transform.contract import REPOSITORY

SAMPLE_CONFIG = REPOSITORY / "config"
QUIET = {
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
    "DAGSTER_DISABLE_TELEMETRY": "true",
    "RUNTIME__DLTHUB_TELEMETRY": "false",
}


@dataclass(frozen=True)
class Settings:
    """Whose configuration, whose data folder, and which clock. `now()` is UTC without zone."""

    config: Path
    home: Path
    now: Callable[[], datetime]
    is_simulated: bool
    failpoint: str | None
    user: str
    scale: str
    code_version: str
    wall: Callable[[], float] = time.time
    secret: Callable[[str], str | None] = os.environ.get

    @property
    def is_sample(self) -> bool:
        """Whether this is the embedded sample company."""
        return self.config == SAMPLE_CONFIG


def settings() -> Settings:
    """What the environment says: KAM_CONFIG, KAM_HOME, KAM_NOW, KAM_FAILPOINT, SCALE.

    Raises ConfigurationFault where KAM_NOW is not a timestamp.
    """
    os.environ.update(QUIET)
    config = Path(os.environ.get("KAM_CONFIG") or SAMPLE_CONFIG).resolve()
    home = Path(os.environ.get("KAM_HOME") or REPOSITORY / "data" / config.name).resolve()
    simulated = os.environ.get("KAM_NOW") or None
    return Settings(
        config=config,
        home=home,
        now=_clock(simulated),
        is_simulated=simulated is not None,
        failpoint=os.environ.get("KAM_FAILPOINT") or None,
        user=getpass.getuser(),
        scale=os.environ.get("SCALE") or "1",
        code_version=_code_version(),
    )


def dagster_home(home: Path) -> Path:
    """The Dagster instance folder of a home, configured by the repository's dagster.yaml."""
    folder = home / "dagster"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = (REPOSITORY / "dagster.yaml").read_text(encoding="utf-8")
    configured = folder / "dagster.yaml"
    if not configured.exists() or configured.read_text(encoding="utf-8") != wanted:
        configured.write_text(wanted, encoding="utf-8")
    os.environ["DAGSTER_HOME"] = str(folder)
    return folder


def _clock(simulated: str | None) -> Callable[[], datetime]:
    if simulated is None:
        return lambda: datetime.now(UTC).replace(tzinfo=None)
    try:
        start = datetime.fromisoformat(simulated.replace("Z", "+00:00"))
    except ValueError as error:
        raise ConfigurationFault(
            f"KAM_NOW: expected a timestamp such as 2026-04-03T07:15:00Z, found '{simulated}'."
        ) from error
    if start.tzinfo is not None:
        start = start.astimezone(UTC).replace(tzinfo=None)
    begun = datetime.now(UTC)
    return lambda: start + (datetime.now(UTC) - begun) + timedelta(0)


def _code_version() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() if done.returncode == 0 else metadata.version("kam-nightly")
