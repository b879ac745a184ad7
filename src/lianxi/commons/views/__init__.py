"""What every list and every start page shares: saved views, and the rows that rooms give to My work today and to the search."""
