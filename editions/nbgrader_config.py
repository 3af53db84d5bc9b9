"""Settings of nbgrader for the assignments of Flip and Slide."""

c = get_config()  # noqa: F821  (nbgrader provides it)
c.CourseDirectory.course_id = "flip-and-slide"
# An answer cell of the students' version begins with `answer_1 = None`; this line comes below it.
c.ClearSolutions.code_stub = {"python": "# Your work. What the name above holds at the end counts."}
c.ExecutePreprocessor.timeout = 120
