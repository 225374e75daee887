"""What Amana remembers: the only SQL and the only ciphers."""
