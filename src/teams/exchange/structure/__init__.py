"""The import `organisatie`, room by room: rows, what is known, and the changes of teams, roles, fillings and organs."""
