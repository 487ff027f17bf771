"""The organisation and its people: contract hours, absence, skills."""
