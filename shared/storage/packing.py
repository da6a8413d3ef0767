"""Compression of documents: DEFLATE with a dictionary, where it saves a write unit.

DynamoDB charges writes by begun KB, reads by begun 4 KB, and each index that contains the item
once more. Short JSON compresses well only with a dictionary of the field names, and of the item's
own keys, whose ids the document repeats.
"""

import zlib

#: First byte of a packed document: the dictionary that it was packed with.
_DICTIONARY = b"\x01"
#: Field names and values of stored documents, the most frequent last. It must not change: stored
#: documents need it. A better one gets another number.
_WORDS = (
    '"evaluation_session","playground_session","deleted_turns":[],"deleted_at":null,"custom_id":'
    '"is_production":true,"stopping_reason":null,"error":null,"test_case_id":null,"test_id":null,'
    '"version_id":"version_","product_id":"product_","user_id":"key_","status":"PENDING","context":'
    '{"metadata":{"cache_read_input_tokens":0,"cache_creation_input_tokens":0,"tokens":0,"cost":0.'
    '"graph":{"hash":"","name":"","entry_node_id":"","persona":"","system_variables":["session_id"]'
    '},"catalog_slug":null,"revision_id":"","current_step_id":"","completed_steps":[""],'
    '"context_vars":{"session_id":"","step_count":1,"last_signal":null,"awaiting_approval":false,'
    '"approval_deadline":null,"turn":1,"asking":"","asked":{"used":{},"mock_world":null},'
    '"arguments":{"tool_call_id":"call_","tool_name":"","result":{"tool.started","tool.completed",'
    '"success":true,"has_tool_calls":true,"tool_call_count":1,"open_round":{"calls":[{"is_remote":'
    "Thank you. I would like to know whether you can help me with the order. Could you please "
    "tell me what has happened, and when it is going to be there? Yes, of course; I have that for "
    "you. You will get an answer to this from our team. There is nothing else, but it was not "
    '"session.activated","turn.started","reason.started","data":{"agent_id":"agent_"},'
    '"output.message.started","as_in_context":["turn_id"],"data":{"model":"scripted"}},{"type":'
    '"output.message.completed","as_in_context":["turn_id"],"data":{"message":{"id":"message_'
    '"role":"agent","content":[{"type":"text","text":""}]},"metadata":{"model":"","usage":'
    '{"input_tokens":100,"output_tokens":100}}},{"type":"llm.generation","as_in_context":'
    '["turn_id"],"data":{"metadata":{"model":"","provider":"","success":true,"duration_ms":0,'
    '"reason.completed","as_in_context":["turn_id"],"data":{"success":true,"has_tool_calls":false,'
    '"tool_call_count":0,"duration_ms":0,"text_preview":""turn.completed","as_in_context":'
    '["turn_id"],"data":{"duration_ms":0,"iterations":1,"usage":{"session.idled","as_in_context":'
    '{"first":1,"at":"2026-01-01T00:00:00.000000Z","context":{"turn_id":"turn_",'
    '"input_message_id":"message_"},"events":[{"type":"input.message","data":{"message":{"id":'
    '"message_","role":"user","content":[{"type":"text","text":"'
    '{"id":"","organization_id":"","created_at":"2027-01-01T00:00:00.000000Z","updated_at":"'
    '"tags":[],"agent":{"id":"","name":""},"last_sequence":0,"state":{"title":null,"preview":"'
    '","output_preview":"","message_count":0,"turn_count":0,"last_input_sequence":0,'
    '"answered_through":0,"model_id":null,"capabilities":[],"status":"idle","started_at":null,'
    '"usage":{"input_tokens":0,"output_tokens":0},"turn":{"id":"","input_message_id":"",'
    '"input_sequence":1,"runner":"","cause":"","started_at":"","heartbeat_at":"","iterations":0,'
    '"usage":{}},"turn":null,"waiting_since":null},"last_event_at":"2026-01-01T00:00:00.000000Z"}'
)


def pack(text: str, keys: str) -> bytes:
    """Return a document in its packed form.

    ``keys`` is text of the item's own keys; :func:`unpack` needs the same.
    """
    # Level 6 with little memory: as small as the best level for short texts, in half of its time.
    packer = zlib.compressobj(6, zlib.DEFLATED, -15, 5, zdict=_dictionary(keys))
    return _DICTIONARY + packer.compress(text.encode()) + packer.flush()


def unpack(packed: bytes, keys: str) -> str:
    """Return a document that :func:`pack` packed.

    Raises ``ValueError`` for an unknown form and for a document that is cut off.
    """
    if packed[:1] != _DICTIONARY:
        raise ValueError(f"Unknown form of a packed document: {packed[:1].hex()}")
    unpacker = zlib.decompressobj(-15, zdict=_dictionary(keys))
    text = unpacker.decompress(packed[1:]) + unpacker.flush()
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("A packed document is cut off, or longer than it was.")
    return text.decode()


def _dictionary(keys: str) -> bytes:
    return (_WORDS + keys).encode()
