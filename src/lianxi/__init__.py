"""Lianxi 联席: the working platform of a city street (街道) and its communities (社区)."""
