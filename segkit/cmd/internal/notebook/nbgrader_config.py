# The settings of a course of segkit's exercises, for nbgrader 0.9.6. They are yours to change: segkit writes them once.
c = get_config()  # noqa: F821, which nbgrader provides

c.CourseDirectory.course_id = "segkit"

# The first cell of a notebook may have to compile what no cell has used before.
c.Execute.timeout = 300

# For exercises that you write yourself, between "// BEGIN SOLUTION" and "// END SOLUTION" inside a function: what learners find there.
# Those of segkit come with a beginning that compiles.
c.ClearSolutions.code_stub = {"go": 'panic("your code here")'}
