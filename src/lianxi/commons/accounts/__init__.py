"""Persons, and the accounts with which some of them log in."""
