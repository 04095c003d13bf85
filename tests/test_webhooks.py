"""Webhooks, sent to real receivers on this machine."""

import asyncio
import json
import socket
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core import mail
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from articles.models import AuditEntry, Delivery, Endpoint
from articles.outbox import public_address, webhooks
from articles.outbox.delivery import Event

from . import newsroom

pytestmark = pytest.mark.django_db(transaction=True)


class Receiver:
    """A real HTTP server that keeps what it was sent and answers as it is told."""

    def __init__(self):
        self.requests, self.status, self.headers, self.answer, self.delay = [], 200, {}, b"thanks", 0.0
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.requests.append((self.path, dict(self.headers), body))
                time.sleep(receiver.delay)
                self.send_response(receiver.status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(receiver.answer)))
                self.end_headers()
                self.wfile.write(receiver.answer)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}/hook"

    @property
    def events(self):
        return [json.loads(body)["type"] for _, _, body in self.requests]


@pytest.fixture
def receiver(settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def endpoint(receiver):
    return Endpoint.objects.create(name="front end", url=receiver.url)


def queue(*names, article=None, at=None, **data):
    Delivery.objects.queue(Event(name, at or timezone.now(), data, article) for name in names)
    return list(Delivery.objects.order_by("pk"))


def test_standardwebhooks_verifies_what_is_sent(receiver, endpoint):
    story = newsroom.article("Zoë Kravik’s “Glass” opens")
    story.publish()
    assert webhooks.deliver_all(timezone.now()) >= 1
    path, headers, body = receiver.requests[receiver.events.index("article.published")]
    payload = Webhook(endpoint.secret).verify(body, headers)
    assert path == "/hook"
    assert payload["data"]["article"] == {
        "id": str(story.pk), "slug": story.slug, "path": f"/film/{story.slug}/", "status": 200, "previous_paths": [],
        "kind": "news", "section": {"slug": "film", "name": "Film", "path": "/film/"}, "headline": story.headline,
        "people": [], "tags": [],
    }  # fmt: skip
    assert f"article:{story.pk}" in payload["data"]["cache_tags"]
    with pytest.raises(Exception, match="signature"):
        Webhook(endpoint.secret).verify(body + b" ", headers)


def test_endpoint_gets_only_the_events_it_chose(receiver, endpoint):
    Endpoint.objects.filter(pk=endpoint.pk).update(events=["article.withdrawn"])
    queue("article.published", "article.withdrawn")
    webhooks.deliver_all(timezone.now())
    assert receiver.events == ["article.withdrawn"]


def test_delivery_keeps_request_answer_and_time(receiver, endpoint):
    [delivery] = queue("article.published")
    webhooks.deliver_all(timezone.now())
    delivery.refresh_from_db()
    [attempt] = delivery.log
    assert delivery.state == "delivered"
    assert attempt["status"] == 200
    assert attempt["answer"] == "thanks"
    assert attempt["headers"]["webhook-id"] == str(delivery.pk)
    assert attempt["seconds"] > 0


def test_failed_delivery_is_tried_again_later_and_later_for_a_day(receiver, endpoint):
    receiver.status = 500
    [delivery] = queue("article.published")
    now, begun, waits = timezone.now(), timezone.now(), []
    while delivery.state == "pending":
        assert webhooks.deliver(endpoint, now) == 1
        delivery.refresh_from_db()
        waits.append((delivery.due_at - now).total_seconds())
        now = delivery.due_at
    assert len(receiver.requests) == len(webhooks.WAITS) + 1 == delivery.tries
    assert delivery.state == "failed"
    assert 18 * 3600 < (now - begun).total_seconds() < 32 * 3600
    assert all(0.79 * wait < waited < 1.21 * wait for wait, waited in zip(webhooks.WAITS, waits, strict=False))
    assert len({headers["webhook-id"] for _, headers, _ in receiver.requests}) == 1


def test_two_failures_wait_differently(receiver, endpoint):
    receiver.status = 503
    first, second = queue("article.published", "article.updated")
    webhooks.deliver(endpoint, timezone.now())
    first.refresh_from_db(), second.refresh_from_db()
    assert first.due_at != second.due_at


def test_events_of_one_story_arrive_in_order_even_past_a_failure(receiver, endpoint):
    story, other = newsroom.article("One"), newsroom.article("Two")
    first, second, third = queue("article.published", "article.updated", "article.withdrawn", article=story.pk)
    queue("article.corrected", article=other.pk)
    receiver.status = 500
    now = timezone.now()
    assert webhooks.deliver_all(now) == 2
    assert sorted(receiver.events) == ["article.corrected", "article.published"]
    receiver.status = 200
    assert webhooks.deliver_all(now) == 0
    now += timedelta(seconds=10)
    webhooks.deliver_all(now)
    mine = [e for e, (_, h, _) in zip(receiver.events, receiver.requests, strict=True) if h["webhook-id"] in {str(d.pk) for d in (first, second, third)}]  # fmt: skip
    assert mine == ["article.published", "article.published", "article.updated", "article.withdrawn"]


def test_redelivery_sends_the_same_event_again(receiver, endpoint):
    [delivery] = queue("article.published")
    webhooks.deliver_all(timezone.now())
    delivery.redeliver()
    webhooks.deliver_all(timezone.now())
    (_, once, first), (_, twice, second) = receiver.requests
    assert (once["webhook-id"], first) == (twice["webhook-id"], second)
    delivery.refresh_from_db()
    assert len(delivery.log) == 2


def test_endpoint_that_fails_for_days_is_switched_off_with_a_notice(receiver, endpoint, editor):
    receiver.status = 500
    queue("article.published")
    now = timezone.now()
    webhooks.deliver(endpoint, now)
    endpoint.refresh_from_db()
    assert endpoint.failing_since == now
    later = now + timedelta(days=2, hours=1)
    queue("article.updated", at=later)
    webhooks.deliver(endpoint, later)
    endpoint.refresh_from_db()
    assert endpoint.disabled_at == later
    assert "two days" in endpoint.disabled_reason
    assert mail.outbox[-1].to == [editor.email]
    assert not Endpoint.objects.busy(later + timedelta(days=1))
    entry = AuditEntry.objects.get(verb="endpoint.switched_off")
    assert (entry.by, entry.subject, entry.note) == (None, endpoint.name, endpoint.disabled_reason)


def test_endpoint_that_says_it_is_gone_is_switched_off(receiver, endpoint):
    receiver.status = 410
    queue("article.published")
    webhooks.deliver_all(timezone.now())
    endpoint.refresh_from_db()
    assert "410" in endpoint.disabled_reason


def test_switched_on_again_it_goes_on_with_what_waits(receiver, endpoint):
    queue("article.published")
    endpoint.switch_off(reason="by hand", now=timezone.now())
    assert webhooks.deliver_all(timezone.now()) == 0
    endpoint.switch_on()
    assert webhooks.deliver_all(timezone.now()) == 1


def test_success_ends_a_time_of_failure(receiver, endpoint):
    receiver.status = 500
    queue("article.published")
    webhooks.deliver_all(timezone.now())
    receiver.status = 200
    webhooks.deliver_all(timezone.now() + timedelta(seconds=20))
    endpoint.refresh_from_db()
    assert endpoint.failing_since is None


def test_redirect_is_not_followed(receiver, endpoint):
    receiver.status, receiver.headers = 302, {"Location": receiver.url.replace("/hook", "/elsewhere")}
    [delivery] = queue("article.published")
    webhooks.deliver_all(timezone.now())
    delivery.refresh_from_db()
    assert [path for path, _, _ in receiver.requests] == ["/hook"]
    assert delivery.state == "pending"
    assert delivery.log[0]["status"] == 302


def test_endless_answer_is_cut_off(receiver, endpoint):
    receiver.answer = b"x" * (webhooks.MOST_BYTES + 1)
    [delivery] = queue("article.published")
    webhooks.deliver_all(timezone.now())
    delivery.refresh_from_db()
    assert delivery.state == "pending"
    assert "longer than 100000 bytes" in delivery.log[0]["fault"]


def test_receiver_that_drips_is_cut_off(endpoint, settings, monkeypatch):
    monkeypatch.setattr(webhooks, "SECONDS", 0.4)
    listener = socket.create_server(("127.0.0.1", 0))

    def drip():
        connection, _ = listener.accept()
        for byte in b"HTTP/1.1 200 OK\r\n" + b"x" * 1000:
            try:
                connection.send(bytes([byte]))
            except OSError:
                return
            time.sleep(0.05)

    threading.Thread(target=drip, daemon=True).start()
    Endpoint.objects.filter(pk=endpoint.pk).update(url=f"http://127.0.0.1:{listener.getsockname()[1]}/")
    [delivery] = queue("article.published")
    webhooks.deliver_all(timezone.now())
    delivery.refresh_from_db()
    assert "No whole answer within 0.4 seconds" in delivery.log[0]["fault"]


def test_event_beyond_the_limit_is_never_sent(receiver, endpoint):
    [delivery] = queue("article.published", words="x" * webhooks.MOST_BYTES)
    webhooks.deliver_all(timezone.now())
    delivery.refresh_from_db()
    assert not receiver.requests
    assert "larger than" in delivery.log[0]["fault"]


def test_claimed_delivery_of_a_dead_worker_is_taken_up_again(receiver, endpoint):
    queue("article.published")
    now = timezone.now()
    assert len(Delivery.objects.claim(endpoint, now, 10)) == 1
    assert webhooks.deliver_all(now + timedelta(seconds=29)) == 0
    assert webhooks.deliver_all(now + timedelta(seconds=31)) == 1


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "10.1.2.3", "172.16.0.9", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "255.255.255.255", "224.0.0.1", "192.0.2.1", "198.18.0.1", "240.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1",
        "127.1", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]",
        "[64:ff9b::10.0.0.1]", "[2002:7f00:1::]", "[fe80::1]", "[fd00::1]", "[fec0::1]", "[ff02::1]", "[2001:db8::1]",
        "[2001:0:4136:e378:8000:63bf:80ff:fffe]",
    ],
)  # fmt: skip
def test_address_inside_a_network_is_refused(host):
    with pytest.raises(public_address.Refused):
        asyncio.run(public_address.pinned(f"http://{host}/hook"))


@pytest.mark.parametrize("url", ["ftp://example.com/", "file:///etc/passwd", "http://user:secret@example.com/"])
def test_address_of_another_kind_is_refused(url):
    with pytest.raises(public_address.Refused):
        asyncio.run(public_address.pinned(url))


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34"])
def test_public_address_is_accepted(address):
    assert public_address.is_public(address)


def test_refused_address_is_noted_and_nothing_is_sent(receiver, endpoint, settings):
    settings.WEBHOOK_ALLOW_PRIVATE = False
    [delivery] = queue("article.published")
    webhooks.deliver_all(timezone.now())
    delivery.refresh_from_db()
    assert not receiver.requests
    assert "no public address" in delivery.log[0]["fault"]


class Answers:
    """A resolver, as getaddrinfo is one, whose answers change from question to question."""

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), 0

    def __call__(self, host, port, *args, **kwargs):
        addresses = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]


def test_name_with_one_private_address_among_public_ones_is_refused(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", Answers(["93.184.216.34", "10.0.0.1"]))
    with pytest.raises(public_address.Refused, match=r"10\.0\.0\.1"):
        asyncio.run(public_address.pinned("https://hooks.example.com/"))


def test_name_is_resolved_once_and_that_address_is_connected_to(receiver, endpoint, monkeypatch):
    """DNS that changes between the check and the connection changes nothing."""
    port = receiver.server.server_port
    answers = Answers(["127.0.0.1"], ["203.0.113.77"])
    monkeypatch.setattr(socket, "getaddrinfo", answers)
    Endpoint.objects.filter(pk=endpoint.pk).update(url=f"http://hooks.example.com:{port}/hook")
    queue("article.published")
    webhooks.deliver_all(timezone.now())
    [(_, headers, _)] = receiver.requests
    assert headers["host"] == f"hooks.example.com:{port}"
    assert Delivery.objects.get().state == "delivered"


# A receiver that is down


def test_what_waits_for_a_receiver_left_alone_is_not_looked_at(endpoint, django_assert_num_queries):
    now = timezone.now()
    rows = (Delivery(endpoint=endpoint, event="tag.changed", payload={}, created_at=now, due_at=now) for _ in range(9))
    Delivery.objects.bulk_create(rows)
    assert Endpoint.objects.busy(now) == [endpoint]
    endpoint.note_failure(now)
    with django_assert_num_queries(1):
        assert Endpoint.objects.busy(now) == []


def test_dead_receiver_is_asked_seldom_and_with_one_delivery_however_many_wait(receiver, endpoint):
    receiver.status, now = 500, timezone.now()
    queue(*["article.published"] * 60, at=now)
    asked = [webhooks.deliver_all(now)]
    while now < endpoint.created_at + timedelta(hours=1):
        endpoint.refresh_from_db()
        assert not Endpoint.objects.busy(endpoint.paused_until - timedelta(seconds=1))
        now = endpoint.paused_until
        asked.append(webhooks.deliver_all(now))
    assert asked[0] == 50
    assert set(asked[1:]) == {1}
    assert len(asked) < 25


def test_delivery_sent_again_by_hand_does_not_wait_for_the_pause(receiver, endpoint):
    receiver.status, now = 500, timezone.now()
    [delivery] = queue("article.published", at=now)
    webhooks.deliver_all(now)
    receiver.status = 200
    assert webhooks.deliver(endpoint, now) == 0
    delivery.redeliver(now=now)
    assert webhooks.deliver(endpoint, now) == 1


def test_first_success_sends_everything_that_waits(receiver, endpoint):
    receiver.status, now = 500, timezone.now()
    queue("article.published", at=now)
    webhooks.deliver_all(now)
    receiver.status, later = 200, now + timedelta(minutes=1)
    queue(*["article.updated"] * 4, at=later)
    assert webhooks.deliver_all(later) == 5
    assert not Delivery.objects.filter(state="pending").exists()


def test_endpoint_switched_on_by_button_outlives_its_next_failure(client, admin_user, receiver, endpoint):
    receiver.status, now = 500, timezone.now()
    [delivery] = queue("article.published", at=now - timedelta(days=3))
    webhooks.deliver(endpoint, now - timedelta(days=3))
    webhooks.deliver(endpoint, now - timedelta(days=1))
    endpoint.refresh_from_db()
    assert endpoint.disabled_at
    client.force_login(admin_user)
    page = f"/admin/articles/endpoint/{endpoint.pk}/"
    assert "Switch on" in client.get(f"{page}change/").text
    assert client.post(f"{page}switch/", {"to": "on"}, follow=True).status_code == 200
    delivery.refresh_from_db()
    assert delivery.due_at <= timezone.now()
    webhooks.deliver_all(timezone.now())
    endpoint.refresh_from_db()
    assert endpoint.disabled_at is None
    assert endpoint.failing_since >= now
    entry = AuditEntry.objects.get(verb="endpoint.switched_on")
    assert (entry.by, entry.subject) == (admin_user, "front end")


def test_endpoint_is_switched_off_by_button_only(client, admin_user, endpoint, django_user_model):
    page = f"/admin/articles/endpoint/{endpoint.pk}/"
    client.force_login(django_user_model.objects.create_user("wren", is_staff=True))
    assert client.post(f"{page}switch/", {"to": "off"}).status_code == 403
    client.force_login(admin_user)
    assert client.get(f"{page}switch/").status_code == 405
    form = {"name": "front end", "url": "https://builder.example.com/"}
    client.post(f"{page}change/", form | {"disabled_at_0": "2026-01-01", "disabled_at_1": "10:00"})
    endpoint.refresh_from_db()
    assert (endpoint.url, endpoint.disabled_at) == ("https://builder.example.com/", None)
    client.post(f"{page}switch/", {"to": "off"})
    endpoint.refresh_from_db()
    assert endpoint.disabled_reason == f"By {admin_user}."
    assert AuditEntry.objects.filter(verb="endpoint.switched_off").count() == 1
