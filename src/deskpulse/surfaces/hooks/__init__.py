"""Where systems send what happened."""
