"""The server: pages, API and what runs beside them, composed. The one surface that knows the others."""
