"""The measured claims (Messungen): each rerun by one command; see ``benchmarks/README.md``."""
