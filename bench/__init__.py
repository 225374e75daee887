"""Measurements, peers in the same run; one JSON line a figure."""
