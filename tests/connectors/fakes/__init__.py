"""Stand-ins for the APIs of other systems: state of their own, on loopback, with the troubles real ones have."""
