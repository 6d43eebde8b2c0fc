"""What the overview shows, a file for each part of it; each part is one statement or two."""
