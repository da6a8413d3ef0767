"""Forms of conversations that an import reads, by name."""

from collections.abc import Callable

from tests.support import forms_of_frameworks as frameworks
from tests.support import forms_of_models as models
from tests.support import forms_of_telemetry as telemetry
from tests.support.generated_conversations import Conversation, Json

FORMS: dict[str, Callable[[Conversation], Json]] = {
    form.__name__: form
    for form in (
        models.openai_chat,
        models.early_results,
        models.openai_functions,
        models.openai_responses,
        models.anthropic,
        models.bedrock_converse,
        frameworks.ai_sdk_4,
        frameworks.ai_sdk_4_without_parts,
        frameworks.ai_sdk_5,
        frameworks.ai_sdk_5_model,
        frameworks.langchain_flat,
        frameworks.langchain_dict,
        frameworks.langchain_dumps,
        frameworks.langsmith,
        models.google_adk,
        models.gemini,
        models.sharegpt,
        telemetry.opentelemetry_events,
        telemetry.opentelemetry_spans,
    )
}
