"""The pages about voices: the resident's front door and the desk."""
