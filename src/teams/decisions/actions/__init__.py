"""One function per verb on decisions and on what waits to become one."""
