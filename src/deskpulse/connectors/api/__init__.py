"""What connectors of APIs share: a client that waits and tries again, pages as they came, and rows from JSON."""
