"""How dates are written in a language, where Django writes them."""
