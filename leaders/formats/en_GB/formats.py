"""How Django itself writes dates: in the office's lists and forms, where no function of ours does."""

DATE_FORMAT = "l j F Y"
DATETIME_FORMAT = "l j F Y, H:i"
TIME_FORMAT = "H:i"
