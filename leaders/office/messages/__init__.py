"""The office's pages about messages: what goes out, what did, what did not, and what can be done about it."""
