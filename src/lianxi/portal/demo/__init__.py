"""The demo street 砚湖街道: invented, large enough to be believed, with the interesting cases on every page.

`load` makes it once, through the same services as the pages wherever somebody is at work; the closed matters of the past
year are written in bulk. Division code 999…; no real person, no real place.
"""

from .loading import PASSWORD, PEOPLE, load

__all__ = ["PASSWORD", "PEOPLE", "load"]
