"""How the people in support are."""
