"""Seat plans of congresses and conferences 名额分配."""
