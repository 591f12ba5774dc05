"""What customers say about the support they got."""
