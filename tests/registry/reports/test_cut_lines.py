"""A request that breaks off at any point leaves nothing half done, and goes again as if it were the first."""

import contextlib
import json
import socket
import uuid
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from knox.models import AuthToken

from registry.models import VisitRequest
from tests.factories import make_visit_request
from tests.registry.reports.test_api import picture

pytestmark = pytest.mark.django_db(transaction=True)
BOUNDARY = "potong"
POINTS = range(10)


class Sender:
    """Sends one request to the live server, whole or only its first part."""

    def __init__(self, url, user):
        self.there = urlsplit(url)
        self.token = AuthToken.objects.create(user=user)[1]

    def request(self, method, path, content_type, body):
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: {self.there.netloc}\r\nAuthorization: Token {self.token}\r\n"
            f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        return head.encode() + body

    def send(self, data):
        """The status that came back; 0 for none. The sending side is closed, as a lost line closes it."""
        with socket.create_connection((self.there.hostname, self.there.port), timeout=20) as line:
            line.sendall(data)
            line.shutdown(socket.SHUT_WR)
            answer = b""
            with contextlib.suppress(ConnectionResetError):
                while piece := line.recv(65536):
                    answer += piece
        return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/") else 0


@pytest.fixture
def sender(live_server, petugas):
    return Sender(live_server.url, petugas)


def cuts(data):
    """Ten points over the whole request, one of them only some bytes before its end."""
    return [len(data) * point // 10 for point in POINTS[:-1]] + [len(data) - 5]


def test_a_report_cut_at_ten_points_is_no_report_and_then_one(sender):
    told = {
        "uuid": str(uuid.uuid4()),
        "kelurahan": "35.73.01.1007",
        "told_name": "Warung Bu Jumi",
        "need": "equipment",
        "note": "Ovennya mati. " * 60,
        "told_at": timezone.now().isoformat(),
    }
    data = sender.request("POST", "/api/v1/visit-requests/", "application/json", json.dumps(told).encode())

    statuses = {sender.send(data[:point]) for point in cuts(data)}

    assert statuses <= {0, 400, 401}
    assert not VisitRequest.objects.exists()
    assert [sender.send(data), sender.send(data)] == [201, 201]
    assert VisitRequest.objects.count() == 1


def test_a_photo_cut_at_ten_points_is_no_photo_and_then_one(sender, petugas):
    row = make_visit_request(by=petugas)
    part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="foto.jpg"\r\n\r\n'
    body = part.encode() + picture(size=(1600, 1200)) + f"\r\n--{BOUNDARY}--\r\n".encode()
    path = f"/api/v1/visit-requests/{row.uuid}/photo/"
    data = sender.request("PUT", path, f"multipart/form-data; boundary={BOUNDARY}", body)

    for point in cuts(data):
        assert sender.send(data[:point]) in (0, 400, 401, 409), point
        row.refresh_from_db()
        assert not row.photo, point
    assert [sender.send(data), sender.send(data)] == [200, 200]
    row.refresh_from_db()
    assert row.photo
