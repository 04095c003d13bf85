"""Photos: taking them in, their words, their files for readers."""
