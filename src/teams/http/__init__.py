"""What every HTTP face shares: the gate before it, what a handler may ask for, refusals as statuses, words."""
