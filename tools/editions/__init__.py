"""What goes to a class: handouts, graded sets, notes and keys for instructors, the tables of their guide."""
