"""The demo: an embedded PostgreSQL, the municipality Zandermeer and the processes around them."""
