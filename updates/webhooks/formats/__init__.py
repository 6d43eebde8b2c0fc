"""One file for each form in which senders tell of a push."""
