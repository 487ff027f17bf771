"""Accounts, rights, sessions and tokens; no HTTP."""
