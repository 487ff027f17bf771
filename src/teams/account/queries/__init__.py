"""Reading what audit and account keep."""
