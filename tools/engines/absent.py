class Absent(Exception):
    """Why an engine is not to be had on this machine, as a clause."""
