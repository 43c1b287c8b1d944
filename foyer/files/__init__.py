"""Residents' files as staff read and change them: the person, the stay, the wishes, the published placement."""
