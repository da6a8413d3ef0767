"""Examples of functions/personas/."""

from local.examples.example import Example, example_id

_PERSONA = {"persona_id": str(example_id("/v1/personas"))}

_CREATE = ("personas.create",)

EXAMPLES = {
    "personas.create": Example(
        body={
            "name": "Hurried traveler",
            "description": "Writes from a train, wants an answer at once.",
            "body": "You travel for work. You write short messages and dislike questions.",
            "traits": {"patience": "low"},
            "behavior_config": {"first_speaker": "persona", "language": "en"},
        }
    ),
    "personas.list": Example(
        query=(("search", "traveler"), ("is_active", "true"), ("limit", "20")), after=_CREATE
    ),
    "personas.get": Example(parameters=_PERSONA, after=_CREATE),
    "personas.update": Example(parameters=_PERSONA, body={"is_active": False}, after=_CREATE),
    "personas.delete": Example(parameters=_PERSONA, after=_CREATE),
}
