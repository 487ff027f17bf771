"""Reading decisions, and who may see which."""
