"""The rules of the data dictionary and of plain sense for the rows of a layer: every problem at once."""
