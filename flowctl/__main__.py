"""`python -m flowctl`."""

from flowctl.cli.main import run

if __name__ == "__main__":
    run()
