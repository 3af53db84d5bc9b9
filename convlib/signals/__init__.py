"""What is convolved: kernels, recorded data, systems that answer, rooms that ring.

The small data files lie here too, so that they come with the package; README.md says where each comes from.
Nothing here plots, and nothing here needs the network.
"""
