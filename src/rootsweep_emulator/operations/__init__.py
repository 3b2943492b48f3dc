"""What each operation does, one file per subject; :mod:`.registry` lists them all."""
