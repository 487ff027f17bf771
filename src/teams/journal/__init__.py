"""What happened, by whom, when: append-only, in the act's own transaction."""
