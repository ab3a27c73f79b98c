"""Loaded by `dg`; the definitions are those of pipelines.definitions."""

from pipelines.definitions import company_definitions

defs = company_definitions()
