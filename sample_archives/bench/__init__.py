"""How fast and how right pages are read, beside what people would use instead."""
