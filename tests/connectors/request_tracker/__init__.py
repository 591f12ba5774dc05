"""A real Request Tracker 5 on the loopback interface, with a clock that a test turns."""
