"""Measuring the portal: a generated city of any size, speed, search quality, load (docs/speed.md).

Verbs: city.City makes rows, filling.fill writes them, run, quality and load measure and print.
Callers: `make bench`, `make load`, tests/bench; nothing of the portal imports this.
"""
