"""Who must be named, and how."""
