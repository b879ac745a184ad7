"""Residents' voices 民情诉求: from what is said to the answer, the rating and the public record."""
