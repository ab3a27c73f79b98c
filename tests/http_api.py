"""A local HTTP server that speaks like the APIs of CRM systems, faults on demand included."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlparse

from tests import salesforce_api

OBJECTS: dict[str, list[dict[str, Any]]] = {
    "Account": [
        {
            "Id": f"001000000000{n:03d}AAA",
            "Name": f"Comércio {n}",
            "AnnualRevenue": "1234567890123456.78",
            "Owner": {"attributes": {"type": "User"}, "Name": "Ana"},
            "IsDeleted": n == 3,
            "SystemModstamp": f"2026-03-{10 + n:02d}T08:00:00.000+0000",
        }
        for n in range(1, 6)
    ]
}
COMPANIES: list[dict[str, Any]] = [
    {"id": str(n), "archived": n > 5, "createdAt": "2026-01-01T00:00:00Z", "updatedAt": None,
     "properties": {"name": f"Empresa {n}", "domain": f"e{n}.example", "odd-name.x": "y"}}
    for n in range(1, 8)
]  # fmt: skip
PRIMARY = {"category": "HUBSPOT_DEFINED", "typeId": 1, "label": "Primary"}


@dataclass
class Server:
    """What the server was asked, the token it accepts, and the faults still to come, by page."""

    url: str = ""
    token: str = "first"
    faults: list[tuple[str, int, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    tokens_given: int = 0
    is_down: bool = False
    objects: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {"companies": COMPANIES, "contacts": COMPANIES}
    )
    bonds: dict[tuple[str, str, str], list[tuple[int, list[dict[str, Any]]]]] | None = None
    org: salesforce_api.Org = field(default_factory=lambda: salesforce_api.Org(OBJECTS, page=2))

    def fault(self, path: str) -> tuple[int, str] | None:
        """The next fault whose place is part of the path, once."""
        for place, (part, status, body) in enumerate(self.faults):
            if part in path:
                del self.faults[place]
                return status, body
        return None


@contextmanager
def serving() -> Iterator[Server]:
    """The server on a free port of this machine."""
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: Any) -> None:
            """Nothing on the screen of the tests."""

        def do_GET(self) -> None:
            _answer(self, state, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
            is_json = "json" in (self.headers["Content-Type"] or "")
            _answer(self, state, json.loads(body) if is_json else parse_qs(body))

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()


def _answer(handler: BaseHTTPRequestHandler, state: Server, body: dict[str, Any]) -> None:
    path = handler.path
    state.asked.append(path)
    if path == "/token":
        state.tokens_given += 1
        state.token = f"token-{state.tokens_given}"
        _send(handler, 200, {"access_token": state.token, "instance_url": state.url})
        return
    fault = state.fault(path)
    if state.is_down:
        fault = (503, "{}")
    if fault is not None:
        _send(handler, fault[0], fault[1])
        return
    if handler.headers["Authorization"] != f"Bearer {state.token}":
        _send(handler, 401, [{"errorCode": "INVALID_SESSION_ID", "message": "Session expired"}])
        return
    found = state.org.answer(path) or _hubspot(state, path, body)
    _send(handler, 200 if found is not None else 404, found or {})


def _send(handler: BaseHTTPRequestHandler, status: int, body: Any) -> None:
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    text = text.replace('"1234567890123456.78"', "1234567890123456.78")
    content = text.encode()
    handler.send_response(status)
    if status == 429:
        handler.send_header("Retry-After", "1")
    handler.send_header("Content-Type", "application/json; charset=utf-8")
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


def _hubspot(state: Server, path: str, body: dict[str, Any]) -> Any:
    url = urlparse(path)
    asked = {key: values[0] for key, values in parse_qs(url.query).items()}
    parts = url.path.split("/")
    kind = parts[4] if len(parts) > 4 and parts[3] != "pipelines" else "".join(parts[3:4])
    if url.path.endswith("/batch/read") and state.bonds is not None:
        right = url.path.split("/")[5]
        return {
            "results": [
                {"from": {"id": one["id"]},
                 "to": [{"toObjectId": to, "associationTypes": kinds} for to, kinds in bonds]}
                for one in body["inputs"]
                if (bonds := state.bonds.get((kind, right, one["id"])))
            ]
        }  # fmt: skip
    if url.path.endswith("/batch/read"):
        return {
            "results": [
                {"from": {"id": one["id"]},
                 "to": [{"toObjectId": 900, "associationTypes": [
                     {"category": "HUBSPOT_DEFINED", "typeId": 1, "label": "Primary"},
                     {"category": "USER_DEFINED", "typeId": 7, "label": None}]}]}
                for one in body["inputs"] if one["id"] != "2"
            ]
        }  # fmt: skip
    if url.path.startswith("/crm/v3/"):
        rows = state.objects.get(kind, [])
        if "archived" in asked:
            rows = [c for c in rows if str(c["archived"]).lower() == asked["archived"]]
        start = int(asked.get("after", 0))
        found: dict[str, Any] = {"results": rows[start : start + 2]}
        if start + 2 < len(rows):
            found["paging"] = {"next": {"after": str(start + 2)}}
        return found
    if url.path == "/orders":
        start = int(asked.get("offset", 0))
        rows = [
            {"number": n, "client": {"code": f"{n:05d}"}} for n in range(start, min(start + 3, 7))
        ]
        return {"data": {"items": rows}}
    return None
