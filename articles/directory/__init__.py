"""People, works, sections, tags, authors and their addresses."""
