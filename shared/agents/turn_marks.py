"""What the filters of the table's stream look at, on the items of a session's log."""

#: Something is to be answered: a run is started. See ``run_turn`` in template.yaml.
STARTS_TURN = {"starts_turn": "yes"}
#: A turn has ended, and how: it is published. See ``publish_changes`` in template.yaml.
ANSWERED = {"turn": "completed"}
FAILED = {"turn": "failed"}
