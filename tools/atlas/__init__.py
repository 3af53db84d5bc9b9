"""The convention atlas: the probes of every library, and the tables that are written from what they find."""
