"""What the interactives share: the base class, the traits, and the code of their front-ends.

Nothing here knows a particular interactive.
"""
