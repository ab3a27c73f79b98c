"""A number in (0, 1) of each pair that looks random and is the same in every run."""

from zlib import crc32

import numpy as np

from assets.scores.proof.arrays import Dates, Floats, Texts

ALL_BITS = np.uint32(0xFFFFFFFF)


def pair_chance(group_id: Texts, cutoff_date: Dates, horizon_days: int) -> Floats:
    """Uniform numbers seeded with crc32 of `group_id|d|horizon`, one for each pair.

    A check sum is linear in its text: two dates would shift the numbers of all groups alike. The
    finaliser of SplitMix64 (Steele, Lea and Flood 2014) breaks that, as a generator would.
    """
    if len(group_id) == 0:
        return np.zeros(0)
    groups, place = np.unique(group_id, return_inverse=True)
    heads = np.asarray([crc32(str(group).encode()) for group in groups], dtype=np.uint32)
    dates, which = np.unique(cutoff_date.astype("datetime64[D]"), return_inverse=True)
    tails = np.asarray([f"|{day}|{horizon_days}".encode() for day in dates.astype(str)])
    text = tails.view(np.uint8).reshape(len(dates), -1)
    checksum = continued_crc32(heads[place.reshape(-1)], text[which.reshape(-1)])
    return uniform(mixed(checksum.astype(np.uint64)))


def uniform(bits: np.ndarray) -> Floats:
    """Numbers in (0, 1) from the upper 53 of 64 scrambled bits."""
    return np.asarray(((bits >> np.uint64(11)) + 0.5) * 2.0**-53)


def continued_crc32(checksum: np.ndarray, text: np.ndarray) -> np.ndarray:
    """crc32 of texts whose beginnings have `checksum` (n,) and that go on with `text` (n, k)."""
    state = checksum ^ ALL_BITS
    for byte in text.T:
        state = CRC_TABLE[(state ^ byte) & np.uint32(0xFF)] ^ (state >> np.uint32(8))
    return np.asarray(state ^ ALL_BITS)


def mixed(numbers: np.ndarray) -> np.ndarray:
    """64 bits scrambled one to one."""
    bits = numbers + np.uint64(0x9E3779B97F4A7C15)
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(bits ^ (bits >> np.uint64(31)))


def _crc_table() -> np.ndarray:
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        odd = (table & np.uint32(1)).astype(bool)
        table = np.where(odd, (table >> np.uint32(1)) ^ np.uint32(0xEDB88320), table >> 1)
    return table.astype(np.uint32)


CRC_TABLE = _crc_table()
