"""How much arrives and how much stands."""
