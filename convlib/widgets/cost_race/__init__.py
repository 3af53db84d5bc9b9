"""Which engine wins on the plane of sizes, by the planner's model and by measured times."""
