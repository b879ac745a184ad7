"""Party groups 党小组: rounds in which members choose their group, combined with designation by the organisation (一)."""
