"""Values as they stand in SQL text."""


def literal(value: object) -> str:
    """A SQL string: of a path, a name or any other value."""
    return "'" + str(value).replace("'", "''") + "'"


def json_pointer(*keys: str) -> str:
    """The JSON pointer of a key, or of a key in a key; keys may hold any character."""
    return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in keys)
