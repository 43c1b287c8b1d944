"""Registers that a house may switch on: visitors, medicines, valuables, and who was really on duty."""
