"""The promises, each measured on SQLite and on a real PostgreSQL, each with a control that must fail.

`make reliability` runs them at full size and writes the figures into ``docs/figures.md``; `make test` runs
the same code small. Sizes stand in `sizes.py`, what the tests share in `harness.py`.
"""
