"""Checks carried out by worker processes: the queue, the jobs, what is found again, what starts it all."""
