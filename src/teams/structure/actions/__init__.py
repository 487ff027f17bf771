"""Changing structure: one function per verb, on two time axes. Who may ask for it is the caller's question."""
