"""Figures that sentences state. `mentions` is the door."""
