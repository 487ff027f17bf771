"""Account given: erasure with approval, access review, completeness, the sample, and the account to the board."""
