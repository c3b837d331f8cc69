"""archive-verify: checks scanned vocational-training subsidy archives."""

__version__ = "0.1.0"
