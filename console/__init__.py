"""What staff see: the only place where sealed things are opened, each with the key of the member who looks."""
