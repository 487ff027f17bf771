"""The acts of audit and account, one function per verb."""
