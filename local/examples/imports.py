"""Examples of functions/imports/."""

from local.examples.example import Example

EXAMPLES = {
    "imports.create": Example(
        query=(("kind", "agent"),),
        body={
            "id": "call-0001",
            "agent": "Order desk",
            "messages": [
                {"role": "user", "content": "Where is my order 4711?"},
                {"role": "assistant", "content": "It arrives on Tuesday."},
            ],
        },
    ),
    "imports.create_upload": Example(),
}
