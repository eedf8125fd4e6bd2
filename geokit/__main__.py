"""Run the command line as ``python -m geokit``."""

from geokit.cli import main

if __name__ == "__main__":
    main()
