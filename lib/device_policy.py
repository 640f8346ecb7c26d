"""What pages may ask of a device: nothing, but where a view says that it records."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

HEADER = "Permissions-Policy"
NOTHING = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
MICROPHONE = NOTHING.replace("microphone=()", "microphone=(self)")


class DevicePolicy:
    """Names on every answer what its page may use, unless the view has named it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        answer.headers.setdefault(HEADER, NOTHING)
        return answer
