"""The whole file of a resident as one document and as data, for those who may take it out of the house."""
