"""The gateway between clients, who speak HTTP/1.1, and the site, a WSGI application."""
