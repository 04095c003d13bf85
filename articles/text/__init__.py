"""Text and blocks. Pure: nothing here reads a database."""
