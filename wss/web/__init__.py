"""The web layer: HTTP requests in, HTML responses out."""
