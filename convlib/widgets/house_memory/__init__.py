"""Outdoor temperature in, indoor temperature out; echoes run forward, or are gathered."""
