"""Times of convlib beside its peers, and what the planner and chapters I-5 and IV-3 take from measurements."""
