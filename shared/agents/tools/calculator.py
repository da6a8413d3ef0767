"""Calculator tool: exact arithmetic with fractions instead of floats."""

import ast
import operator
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from pydantic import Field

from shared.agents.tools.tool import Arguments, Tool, ToolContext, ToolFailed

#: Characters of an expression, its nesting depth, and digits of any intermediate number:
#: they bound the work and the answer.
MAX_LENGTH = 500
MAX_DEPTH = 50
MAX_DIGITS = 1000
MAX_EXPONENT = 10_000
#: Decimal places of a result that has more.
MAX_DECIMALS = 30

_BINARY: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction | int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}


class CalculatorArguments(Arguments):
    """Arguments of the calculator."""

    expression: str = Field(
        min_length=1,
        max_length=MAX_LENGTH,
        description="Numbers, + - * / // % **, parentheses; as in (3 + 4) * 2.5",
    )


def _run(arguments: CalculatorArguments, _: ToolContext) -> dict[str, str]:
    return {"expression": arguments.expression, "result": evaluate(arguments.expression)}


def evaluate(expression: str) -> str:
    """Return the value of an expression, to 30 decimal places. Raises :class:`ToolFailed`."""
    source = expression.strip().replace("^", "**").replace("\u00d7", "*").replace("\u00f7", "/")
    try:
        tree = ast.parse(source, mode="eval")
        return _format(_value(tree.body, source, MAX_DEPTH))
    except ZeroDivisionError as error:
        raise ToolFailed("division by zero") from error
    except (SyntaxError, ValueError, InvalidOperation, RecursionError, MemoryError) as error:
        raise ToolFailed(f"not an arithmetic expression: {expression}") from error


def _value(node: ast.expr, source: str, depth: int) -> Fraction:
    if depth == 0:
        raise ToolFailed("the expression is nested too deeply")
    match node:
        case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
            # Parsed from the source text: 0.1 is one tenth, not the nearest float.
            value = _number(ast.get_source_segment(source, node) or "")
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            value = -_value(operand, source, depth - 1)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            value = _value(operand, source, depth - 1)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            value = _power(_value(left, source, depth - 1), _value(right, source, depth - 1))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            operation = _BINARY[type(op)]
            value = Fraction(
                operation(_value(left, source, depth - 1), _value(right, source, depth - 1))
            )
        case _:
            raise ToolFailed("only numbers, + - * / // % ** and parentheses are supported")
    return _bounded(value)


def _number(text: str) -> Fraction:
    number = Decimal(int(text, 0)) if text[:2].lower() in ("0x", "0o", "0b") else Decimal(text)
    if abs(number.adjusted()) > MAX_DIGITS:
        raise ToolFailed(f"a number has more than {MAX_DIGITS} digits")
    return Fraction(number)


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator != 1:
        raise ToolFailed("an exponent must be a whole number")
    size = max(base.numerator.bit_length(), base.denominator.bit_length())
    # Estimated at over three bits a digit, before the power is computed.
    if abs(exponent) > MAX_EXPONENT or size * abs(exponent.numerator) > 4 * MAX_DIGITS:
        raise ToolFailed(f"the result has more than {MAX_DIGITS} digits")
    return Fraction(base**exponent.numerator)


def _bounded(value: Fraction) -> Fraction:
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > 4 * MAX_DIGITS:
        raise ToolFailed(f"the result has more than {MAX_DIGITS} digits")
    return value


def _format(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    scale: int = 10**MAX_DECIMALS
    digits = str(abs(round(value * scale))).rjust(MAX_DECIMALS + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-MAX_DECIMALS]}.{digits[-MAX_DECIMALS:].rstrip('0') or '0'}"


CALCULATOR = Tool("calculator", "Computes arithmetic exactly.", CalculatorArguments, _run)
