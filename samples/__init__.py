"""Invented applications, the blank forms, and the script that makes them. Nothing here is real."""
