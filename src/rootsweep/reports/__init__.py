"""One file per format, named in ``registry``; a format shows a run and computes no verdict."""
