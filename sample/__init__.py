"""The deterministic sample company: native extracts, a KAM desk workbook and the truth."""

VERSION = "1"
