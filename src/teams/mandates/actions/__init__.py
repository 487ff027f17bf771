"""Changing the register: grants, decrees, and what stands around them; every act is an accountable entry."""
