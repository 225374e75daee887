"""Tests of whole processes: what a person, a member of staff and a platform see, through crashes and trouble."""
