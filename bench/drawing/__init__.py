"""Charts as SVG, drawn by hand: no library, text that stays text, colours that the colour-blind can tell apart."""
