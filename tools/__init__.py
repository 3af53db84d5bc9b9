"""What the Makefile calls; `python -m tools.book.build` and the like, in the root of the repository.

`chapters` knows the course: which chapters there are, and each one's page, deck, quiz, exercises and claims.
`notebooks` stores and runs them; `slides`, `book` and `editions` (handouts, graded sets, the instructor guide) are made
of them, under the `policy` and with `fonts` cut to what they use; `hub` lets simulated students work with them; `atlas`
probes the libraries and `bench` times them; `env` finds or installs what all of this needs.
Nothing here is imported by convlib or by a chapter, and nothing here imports a test.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
