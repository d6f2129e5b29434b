"""Use cases: each does one job and answers a value; nothing here prints or ends the process."""
