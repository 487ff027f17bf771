"""What people do with proposals and objections, one function per verb."""
