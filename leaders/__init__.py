"""The ground floor: the project, what every app stands on, and two frames that apps fill."""
