"""The pairs that make one output, first twisted, then h folded over, then shifted."""
