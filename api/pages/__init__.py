"""The web pages: HTML over the very calls of the JSON API."""
