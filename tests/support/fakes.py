"""Fake of a port with one method ``answer``: canned answers, and a record of the requests."""


class FakeAnswers[Request, Answer]:
    """Answers each request with the next canned answer, or raises it if it is an exception."""

    def __init__(self, *answers: Answer | Exception, default: Answer | None = None) -> None:
        self.answers = list(answers)
        self.default = default
        self.requests: list[Request] = []

    def answer(self, request: Request) -> Answer:
        self.requests.append(request)
        if not self.answers and self.default is not None:
            return self.default
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer
