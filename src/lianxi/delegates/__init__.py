"""Delegates 代表 (二): apportionment of seats, elections, tenure, contact."""
