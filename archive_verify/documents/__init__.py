"""The types of papers found in a binder, one file each."""
