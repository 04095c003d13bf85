"""The working copy and its verbs: write, check, publish, correct, withdraw."""
