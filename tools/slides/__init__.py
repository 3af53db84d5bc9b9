"""The decks: a notebook in, a reveal.js page and a PDF out; the list of decks."""
