"""Small stand-ins for compiled packages that a browser does not have."""
