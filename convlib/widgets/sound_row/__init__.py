"""Sounds to listen to side by side, each with its picture and a description."""
