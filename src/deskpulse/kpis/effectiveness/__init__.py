"""Whether the problem was solved, and by how many hands."""
