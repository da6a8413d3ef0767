"""Stream attributes of events; the stream filters in template.yaml match them."""

#: A message waits for its turn: ``run_turn`` is invoked.
STARTS_TURN = {"starts_turn": "yes"}
#: A turn has ended: ``publish_changes`` is invoked.
COMPLETED = {"turn": "completed"}
FAILED = {"turn": "failed"}
