"""What a network can bear (Netzanalyse): flow, cuts, failures, coverage, handovers, gaps, bridges.

All of it works on one :class:`network.analysis.grid.Grid`: the ways in of a region within a stretch of
days, as columns of numbers.
"""
