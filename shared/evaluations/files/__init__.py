"""Files of evaluations: uploaded by signed addresses, kept for a week."""
