"""What readers, feeds and scripts ask."""
