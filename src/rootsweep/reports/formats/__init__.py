"""The formats of an audit: one module or folder each, named in the registry."""
