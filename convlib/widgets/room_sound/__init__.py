"""A shoebox room that the reader changes and hears; its mirrors, its echoes, its response."""
