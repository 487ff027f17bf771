"""Teams, roles, policies and who fills what, on two time axes."""
