"""Reading the register: the facts of a question, the pages of grants, and powers found by words."""
