"""Opens the Dagster UI of the company that the environment names, on loopback."""

import os
import sys

from pipelines.environment import dagster_home, settings

PORT = "3000"


def main() -> None:
    """Replace this process by the Dagster development server."""
    found = settings()
    dagster_home(found.home)
    program = os.path.join(os.path.dirname(sys.executable), "dagster")
    arguments = [program, "dev", "-w", "workspace.yaml", "-h", "127.0.0.1", "-p", PORT]
    os.execv(program, arguments)


if __name__ == "__main__":
    main()
