"""Files in and out, and imports that wait for the secretary."""
