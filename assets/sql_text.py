"""Values as they stand in SQL text."""


def literal(value: object) -> str:
    """A SQL string: of a path, a name or any other value."""
    return "'" + str(value).replace("'", "''") + "'"
