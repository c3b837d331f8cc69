"""Files made to do harm, and what is done to each of them."""
