"""What a check hands out: JSON, HTML, xlsx, terminal."""
