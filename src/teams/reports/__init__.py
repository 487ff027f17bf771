"""Read-only questions over everything: one search, what to account for."""
