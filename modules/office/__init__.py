"""The office's screens of the year: a module's page, the register, the teams' board."""
