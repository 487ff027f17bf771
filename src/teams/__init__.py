"""Teams: the work platform of a municipality with self-managing teams.

The floors, top to bottom; a module imports only from floors below its own (tests/test_floors.py):

    cli > app > demo > web | api | jobs > http > exchange > notices | reports | auth
        > governance | klussen | account > decisions > mandates > structure > people > ledger > journal > kit

`account` holds the acts of audit and account (erasure, access review, lists from outside, sample, account to the board);
`reports` reads for them: the log as the auditor sees it, the figures of the account, everything about one person.
"""
