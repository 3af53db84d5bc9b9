"""A bicycle over stones: each stone's dent, their sum, and two tyres that break the rules."""
