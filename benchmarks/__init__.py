"""What flowctl costs, each figure measured beside what it is compared with; `python -m benchmarks` prints them."""
