"""Pages and addresses of secret votes."""
