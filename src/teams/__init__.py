"""Teams: the work platform of a municipality with self-managing teams.

The floors, top to bottom; a module imports only from floors below its own (tests/test_floors.py):

    cli > app > demo > web | api | jobs > exchange > reports | auth
        > klussen > structure > people > journal > kit
"""
