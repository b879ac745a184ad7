"""Pages of rounds of projects: for residents, and at the desk."""
