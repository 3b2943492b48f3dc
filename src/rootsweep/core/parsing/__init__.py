"""Pure parsers of AWS's documents: what a report, a summary, a time or a key id says, wherever its bytes came from."""
