"""Which photo was used where."""
