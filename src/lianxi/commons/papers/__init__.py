"""Papers 表格: spreadsheets in (two steps, and undone whole) and out, templates, QR codes."""
