"""What somebody typed into a form and has not sent yet: kept while typing, offered again, dropped when it is saved."""
