"""The words of a search and of what it searches, for photos and stories alike."""
