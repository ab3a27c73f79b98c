"""CNPJ (numeric and alphanumeric) and CPF numbers with valid check digits."""

_FIRST = [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]
_SECOND = [6, *_FIRST]


def _digit(values: list[int], weights: list[int]) -> int:
    rest = sum(v * w for v, w in zip(values, weights, strict=True)) % 11
    return 0 if rest < 2 else 11 - rest


def cnpj(root: str, establishment: int) -> str:
    """14 characters: root of 8 (digits or capitals), establishment of 4, two check digits."""
    body = f"{root}{establishment:04d}"
    values = [ord(c) - 48 for c in body]
    values.append(_digit(values, _FIRST))
    return body + str(values[-1]) + str(_digit(values, _SECOND))


def cpf(number: int) -> str:
    """11 digits: nine of the number and two check digits."""
    body = f"{number:09d}"
    values = [int(c) for c in body]
    values.append(_digit(values, list(range(10, 1, -1))))
    return body + str(values[-1]) + str(_digit(values, list(range(11, 1, -1))))


def spoiled(number: str) -> str:
    """The same number with a wrong last check digit."""
    return number[:-1] + str((int(number[-1]) + 1) % 10)
