"""The imports `mandaten` and `budgetten`, and the register going out again as CSV, XLSX, JSON and PDF."""
