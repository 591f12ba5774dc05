"""The HTTP API: ``/api/v1`` and ``/metrics``. Who asks is known before a request comes here (surfaces/server)."""
