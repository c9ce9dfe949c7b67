"""Pictures of the site's pages, for the README: `python -m examples.pages` takes them anew."""
