"""Generated sample binders with known answers."""
