"""How long customers wait and how long the work takes."""
