"""The bytes of a photo and what is written in them, without a database."""
