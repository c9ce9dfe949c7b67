"""The public checks on a page: what runs in the browser's Python, on the reader's own functions.

There is Python 3.11 with NumPy and nothing else, so what needs a package that is not there is
either kept out (pytest, rich) or has a stand-in in `standins` (msgspec). Everything that judges and
words is the same code as in the terminal.
"""
