"""An invented company whose support history shows what deskpulse does: ``company`` makes its events."""
