"""Slides for each path through the book, made from the sources and the built notebooks: one HTML file a path."""
