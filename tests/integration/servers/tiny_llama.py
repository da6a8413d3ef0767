"""llama.cpp server with a tiny model: `python tiny_llama.py FOLDER PORT`, in the environment llama.

The model is written here: random weights, of which a few lead from one token to the next. With
tools it calls the calculator, after a tool's result it says so, and a schema's grammar leads its
random words to valid JSON. The server wants the key in the variable MODEL_KEY, if there is one.
"""

import os
import sys
import threading
from pathlib import Path

import numpy as np
import xllamacpp
from gguf import GGUFWriter, TokenType

#: What the model calls and says; one token each.
CALL = '<tool_call>\n{"name": "calculator", "arguments": {"expression": "127 * 49"}}\n</tool_call>'
ANSWER = "127 * 49 is 6223."
_SPACE = "\u2581"
_SPECIAL = ["<unk>", "<s>", "</s>", "<|im_start|>", "<|im_end|>"]
_BYTES = [f"<0x{byte:02X}>" for byte in range(256)]
_LETTERS = [chr(code).replace(" ", _SPACE) for code in range(32, 127)]
_PHRASES = [CALL, ANSWER.replace(" ", _SPACE), "Hello", f"{_SPACE}there."]
TOKENS = [*_SPECIAL, *_BYTES, *_LETTERS, *_PHRASES]
#: The token that follows another: the prompt ends in one newline for an answer without tools, in
#: a hash with tools, and in a space after a tool's result.
_CHAIN = [
    ("<0x0A>", "Hello"),
    ("Hello", f"{_SPACE}there."),
    (f"{_SPACE}there.", "<|im_end|>"),
    ("#", CALL),
    (CALL, "<|im_end|>"),
    (_SPACE, _PHRASES[1]),
    (_PHRASES[1], "<|im_end|>"),
]
_WIDTH, _INNER, _HEADS, _CONTEXT = 32, 64, 2, 4096
#: Prompt format of many models (ChatML, tool calls as JSON in a tag), from which the server infers
#: how a tool call looks.
_TEMPLATE = r"""
{%- if tools %}<|im_start|>system
You may call functions. Their signatures are within <tools></tools> tags:
<tools>
{%- for tool in tools %}
{{ tool | tojson }}
{%- endfor %}
</tools>
Return each call within <tool_call></tool_call> tags:
<tool_call>
{"name": <function-name>, "arguments": <args-json-object>}
</tool_call><|im_end|>
{% endif %}
{%- for message in messages %}
{%- if message.role in ("user", "system") %}
{{- '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>\n' }}
{%- elif message.role == "assistant" %}
{{- '<|im_start|>assistant' }}
{%- if message.content %}{{- '\n' + message.content }}{%- endif %}
{%- for call in message.tool_calls %}
{%- if call.function is defined %}{%- set call = call.function %}{%- endif %}
{{- '\n<tool_call>\n{"name": "' + call.name + '", "arguments": ' }}
{{- call.arguments | tojson }}
{{- '}\n</tool_call>' }}
{%- endfor %}
{{- '<|im_end|>\n' }}
{%- elif message.role == "tool" %}
{{- '<|im_start|>user\n<tool_response>\n' + message.content + '\n</tool_response><|im_end|>\n' }}
{%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
{{- '<|im_start|>assistant\n' }}
{%- if messages[-1].role == 'tool' %}{{- ' ' }}
{%- elif tools %}{{- '#' }}{%- endif %}
{%- endif %}
"""


def write_model(path: Path) -> None:
    """Write the model's file: one layer, 300 tokens, 140 KB."""
    writer = GGUFWriter(path, "llama")
    writer.add_name("tiny")
    writer.add_context_length(_CONTEXT)
    writer.add_embedding_length(_WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(_INNER)
    writer.add_head_count(_HEADS)
    writer.add_head_count_kv(_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(_WIDTH // _HEADS)
    writer.add_vocab_size(len(TOKENS))
    writer.add_file_type(0)
    _add_tokenizer(writer)
    for name, tensor in _tensors().items():
        writer.add_tensor(f"{name}.weight", tensor.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _add_tokenizer(writer: GGUFWriter) -> None:
    words = len(_LETTERS) + len(_PHRASES)
    types = [TokenType.UNKNOWN, *[TokenType.CONTROL] * (len(_SPECIAL) - 1)]
    scores = [0.0] * len(_SPECIAL) + [-100.0] * len(_BYTES) + [-1.0] * len(_LETTERS)
    writer.add_tokenizer_model("llama")
    writer.add_token_list([token.encode() for token in TOKENS])
    writer.add_token_scores([*scores, *[-50.0] * len(_PHRASES)])
    writer.add_token_types([*types, *[TokenType.BYTE] * len(_BYTES), *[TokenType.NORMAL] * words])
    writer.add_bos_token_id(TOKENS.index("<s>"))
    writer.add_eos_token_id(TOKENS.index("<|im_end|>"))
    writer.add_unk_token_id(TOKENS.index("<unk>"))
    writer.add_add_bos_token(False)  # noqa: FBT003  # takes no name
    writer.add_add_space_prefix(False)  # noqa: FBT003
    writer.add_chat_template(_TEMPLATE.strip())


def _tensors() -> dict[str, np.ndarray]:
    """Return the weights; attention and feed-forward add nothing to a token's own vector."""
    random = np.random.default_rng(7)
    vectors = random.standard_normal((len(TOKENS), _WIDTH))
    output = random.standard_normal((len(TOKENS), _WIDTH)) * 0.02
    for token, following in _CHAIN:
        output[TOKENS.index(following)] += vectors[TOKENS.index(token)]
    layer = {
        **{
            f"blk.0.attn_{part}": random.standard_normal((_WIDTH, _WIDTH))
            for part in ("q", "k", "v")
        },
        "blk.0.attn_output": np.zeros((_WIDTH, _WIDTH)),
        "blk.0.attn_norm": np.ones(_WIDTH),
        "blk.0.ffn_norm": np.ones(_WIDTH),
        "blk.0.ffn_gate": random.standard_normal((_INNER, _WIDTH)),
        "blk.0.ffn_up": random.standard_normal((_INNER, _WIDTH)),
        "blk.0.ffn_down": np.zeros((_WIDTH, _INNER)),
    }
    return {"token_embd": vectors, "output_norm": np.ones(_WIDTH), "output": output, **layer}


def _serve(folder: Path, port: int) -> None:
    path = folder / "tiny.gguf"
    write_model(path)
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(path)
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = port
    parameters.n_ctx = _CONTEXT
    parameters.n_parallel = 1
    parameters.n_predict = 200
    parameters.cpuparams.n_threads = 1
    parameters.warmup = False
    parameters.use_jinja = True
    if key := os.environ.get("MODEL_KEY"):
        parameters.api_keys = [key]
    server = xllamacpp.Server(parameters)
    print(server.listening_address, flush=True)  # noqa: T201
    threading.Event().wait()


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), int(sys.argv[2]))
