"""The public checks on a page: they run in the browser's Python, on the reader's own functions.

The browser has only Python 3.11 and NumPy, so code that needs another package is either left out
(pytest, rich) or gets a stand-in from `standins` (msgspec). The code that judges and phrases is the
same as in the terminal.
"""
