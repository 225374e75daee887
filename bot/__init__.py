"""The only process with platform tokens: channels in, one turn, letters out."""
