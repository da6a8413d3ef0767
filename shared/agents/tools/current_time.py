"""Current time tool: date, time and weekday in a time zone."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field

from shared.agents.tools.tool import Arguments, Tool, ToolContext, ToolFailed


class CurrentTimeArguments(Arguments):
    """Arguments of the current time."""

    timezone: str = Field(
        default="UTC", max_length=64, description="IANA name, as in Europe/Madrid; default UTC."
    )


def _run(arguments: CurrentTimeArguments, context: ToolContext) -> dict[str, str]:
    try:
        zone = ZoneInfo(arguments.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ToolFailed(f"there is no time zone '{arguments.timezone}'") from error
    now = context.now.astimezone(zone)
    return {
        "timezone": arguments.timezone,
        "time": now.isoformat(timespec="seconds"),
        "weekday": f"{now:%A}",
    }


CURRENT_TIME = Tool(
    "current_time",
    "Returns the current date, time and weekday in a time zone.",
    CurrentTimeArguments,
    _run,
)
