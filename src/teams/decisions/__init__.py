"""Decisions taken under a grant: the engine answers first, and what waits around them."""
