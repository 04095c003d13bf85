"""What readers get now: facts, rendering, the store, search."""
