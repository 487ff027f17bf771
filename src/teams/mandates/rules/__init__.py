"""The rules M01-M30: one small named function each, with its article, level and source mark."""
