"""What leaves after the commit."""
