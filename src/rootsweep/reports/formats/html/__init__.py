"""``--format html``: one page that is handed on, read without a network, and printed.

``page`` writes it; the modules beside it say what each part shows, as values; the templates, the style and the script are files
of this package.
"""
