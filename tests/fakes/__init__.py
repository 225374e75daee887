"""What is not ours and across a network, built again on loopback and strict: for tests only."""
