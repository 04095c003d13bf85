"""What a photo may be used for."""
