"""Words and blocks, without a database."""
