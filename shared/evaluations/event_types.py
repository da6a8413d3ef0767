"""Event type in the log of an evaluation session."""

#: Turn of the session.
INFERENCE_RESULT = "inference_result"
