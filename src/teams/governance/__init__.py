"""How teams govern themselves: tensions, proposals, consent, objections, adoption (the rules are cited as G1-G36)."""
