"""The ways a night can end other than well, each with its exit code."""

OK = 0
CONFIGURATION = 2
HELD = 20
NOT_READY = 21
INFRASTRUCTURE = 30
LOCK_BUSY = 75


class NightFault(Exception):
    """A night cannot go on: `reason` says what was expected, found, and which command helps.

    `exit_code` is the contract of the `kam` command; `check_id` names the rule that was broken,
    where one was. The text never holds a value of a source row.
    """

    exit_code = INFRASTRUCTURE

    def __init__(self, reason: str, *, check_id: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.check_id = check_id


class ConfigurationFault(NightFault):
    """The configuration or the call is wrong: nothing was read."""

    exit_code = CONFIGURATION


class GateFault(NightFault):
    """A gate holds the night: the input or the result breaks a critical expectation."""

    exit_code = HELD


class FileFault(GateFault):
    """A delivered file that cannot be read as declared; `code` is its reason in quarantine."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code


class NotReadyFault(NightFault):
    """Input is missing or still being written: the same command will work later."""

    exit_code = NOT_READY


class InfrastructureFault(NightFault):
    """Disk, permission, memory or a program failed."""

    exit_code = INFRASTRUCTURE


class LockFault(NightFault):
    """Another run holds the home, or published first."""

    exit_code = LOCK_BUSY
