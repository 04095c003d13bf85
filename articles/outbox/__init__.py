"""What is sent to other systems after the commit."""
