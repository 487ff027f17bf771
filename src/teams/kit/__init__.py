"""Tools without a domain word: database, errors, clock, money, text, paging, settings."""
