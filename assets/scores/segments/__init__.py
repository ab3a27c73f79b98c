"""The fold that decides segments at each review; imports neither dagster nor dbt nor duckdb."""
