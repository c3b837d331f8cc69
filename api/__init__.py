"""The service's web side: the JSON API and what starts it."""
