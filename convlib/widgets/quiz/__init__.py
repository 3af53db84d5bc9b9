"""Offline multiple choice in which every wrong answer is met with the idea behind it."""
