"""Every read of the tree."""

from .tree import Asked, Node, below, kinds, lines_above, search, standing, tree

__all__ = ["Asked", "Node", "below", "kinds", "lines_above", "search", "standing", "tree"]
