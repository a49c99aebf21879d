"""The gateway between Granian, which speaks HTTP, and the site, a WSGI application."""
