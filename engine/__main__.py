"""`python -m engine` is `doudi`."""

from engine.cli.main import run

if __name__ == "__main__":
    run()
