"""The rooms of the screen, one module each; what they share stands in frame.py."""
