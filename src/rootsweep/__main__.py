"""``python -m rootsweep``: the command line."""

from rootsweep.cli import main

if __name__ == "__main__":
    main()
