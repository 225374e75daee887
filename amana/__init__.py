"""The application's own command line."""
