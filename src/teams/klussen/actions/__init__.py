"""Everything that can happen to a klus and to a claim, one function per verb."""
