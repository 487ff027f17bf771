"""Powers, grants and the engine: who may decide what, until when, and why."""
