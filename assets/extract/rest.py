"""Pulls an HTTP API page by page: paging, rate limits and retries by dlt, tokens renewed here."""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlparse

import requests
from dlt.sources.helpers.requests import Client
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.paginators import BasePaginator, RangePaginator
from dlt.sources.rest_api.config_setup import create_paginator
from requests.auth import AuthBase

from assets.company import Extract, Source
from assets.extract.exact import exact_json
from assets.faults import ConfigurationFault, NotReadyFault

TRIES = 5
SAY_EVERY = 20
TIMEOUT_SECONDS = 120


@dataclass(frozen=True)
class Call:
    """The request of one page, and where the rows of its answer stand ("" for the whole)."""

    path: str
    params: dict[str, Any] = field(default_factory=dict)
    rows: str = ""
    paginator: dict[str, Any] = field(default_factory=lambda: {"type": "single_page"})


class Credentials(AuthBase):
    """What an API asks for: a token, a key, or a token got for a secret and renewed on 401."""

    def __init__(self, source: Source, secret: Callable[[str], str | None], http: Client) -> None:
        self.declared = source.connector.auth
        self.source = source.name
        self.http = http
        self.text = ""
        self.token: str | None = None
        self.base_url: str | None = None
        if self.declared.kind != "none":
            self.text = _secret_of(source, secret)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        self._sign(request)
        if self.declared.kind == "oauth2":
            request.register_hook("response", self._renewed)
        return request

    def _sign(self, request: requests.PreparedRequest) -> None:
        kind = self.declared.kind
        if kind == "bearer":
            request.headers["Authorization"] = f"Bearer {self.text}"
        elif kind == "header":
            request.headers[self.declared.header] = self.text
        elif kind == "basic":
            encoded = base64.b64encode(self.text.encode()).decode()
            request.headers["Authorization"] = f"Basic {encoded}"
        elif kind == "oauth2":
            request.headers["Authorization"] = f"Bearer {self.token or self.renew()}"

    def _renewed(self, response: requests.Response, **kwargs: Any) -> requests.Response:
        """Ask once more with a new token where the old one has expired."""
        if response.status_code != 401 or getattr(response.request, "is_second", False):
            return response
        _ = response.content
        response.close()
        self.renew()
        again = response.request.copy()
        again.is_second = True  # type: ignore[attr-defined]
        self._sign(again)
        answer: requests.Response = response.connection.send(again, **kwargs)
        answer.history.append(response)
        answer.request = again
        return answer

    def renew(self) -> str:
        """Get a token for the form in the environment; raises NotReadyFault where none is given."""
        place = self.declared.token_url or ""
        said = "no answer"
        given: dict[str, Any] = {}
        try:
            answer = self.http.post(place, data=dict(parse_qsl(self.text)))
            said = f"status {answer.status_code}"
            given = answer.json()
            self.token = str(given["access_token"])
        except (requests.RequestException, ValueError, KeyError, TypeError):
            raise NotReadyFault(
                f"source {self.source}: expected a token from {place}, found {said}. Check the "
                f"form in {self.declared.env} (grant_type=...&client_id=...&client_secret=...), "
                "then run make nightly again."
            ) from None
        self.base_url = given.get("instance_url") or self.base_url
        return self.token


@dataclass
class Api:
    """An HTTP API behind a source; its credentials are in no message."""

    source: Source
    client: RESTClient
    credentials: Credentials

    @property
    def name(self) -> str:
        """The address, safe to show."""
        return self.client.base_url

    def close(self) -> None:
        """End the connections."""
        self.client.session.close()

    def answer(self, method: Any, path: str, **kwargs: Any) -> Any:
        """The JSON of one answer, numbers as text; raises NotReadyFault where there is none."""
        try:
            response = self.client.request(path, method=method, **kwargs)
            response.raise_for_status()
            return exact_json(response.text)
        except (requests.RequestException, ValueError) as error:
            raise _not_ready(self, path, error) from None


def open_api(source: Source, secret: Callable[[str], str | None]) -> Api:
    """A client for the API of a source, signed in.

    `root` is its base URL, or the environment variable that holds it. Raises ConfigurationFault
    where the address or the credentials are missing, NotReadyFault where no token is given.
    """
    declared = source.connector.root
    address = declared if "://" in declared else secret(declared)
    if not address or urlparse(address).scheme not in ("http", "https"):
        raise ConfigurationFault(
            f"source {source.name}: connector.root: expected the base URL of the API, or an "
            f"environment variable that holds it, found {declared} without one."
        )
    http = Client(
        request_timeout=TIMEOUT_SECONDS,
        request_max_attempts=TRIES,
        raise_for_status=False,
        respect_retry_after_header=True,
    )
    credentials = Credentials(source, secret, http)
    if source.connector.auth.kind == "oauth2":
        credentials.renew()
    client = RESTClient(
        base_url=credentials.base_url or address,
        auth=credentials,
        session=http.session,
    )
    return Api(source, client, credentials)


def _secret_of(source: Source, secret: Callable[[str], str | None]) -> str:
    variable = source.connector.auth.env or ""
    text = secret(variable) if variable else None
    if not text:
        raise ConfigurationFault(
            f"source {source.name}: expected its credentials in the environment variable "
            f"{variable or 'that connector.auth.env names'}, found none. Set it and run again."
        )
    return text


def pages(
    api: Api,
    extract: Extract,
    call: Call,
    work: Path,
    say: Callable[[str], None],
    limit: int | None = None,
) -> Iterator[tuple[int, list[Any]]]:
    """The rows of one page after the other, numbered from 1, numbers as text.

    `work/next.json` keeps where the next page is, so that an interrupted pull goes on there; the
    caller keeps a page before it asks for the next. Raises NotReadyFault where the API does not
    answer, answers something that is no page, or names a next page on another host.
    """
    kept = _kept(work)
    number = int(kept.get("pages", 0))
    attempt = 0
    while not kept.get("is_done") and (limit is None or number < limit):
        paginator = _paginator(call)
        try:
            for page in api.client.paginate(
                kept.get("url") or call.path,
                params=dict(kept.get("params", call.params)),
                paginator=_resumed(paginator, kept),
                data_selector=call.rows or "$",
            ):
                number += 1
                attempt = 0
                yield number, _rows(api, extract, call, page.response, number)
                kept = {
                    "url": page.request.url,
                    "params": page.request.params or {},
                    "pages": number,
                    "is_done": not paginator.has_next_page,
                }
                _hold_to_host(api, kept)
                (work / "next.json").write_text(json.dumps(kept), encoding="utf-8")
                if number % SAY_EVERY == 0:
                    say(f"extract {api.source.name}.{extract.table}: {number:,} pages ...")
                if kept["is_done"] or (limit is not None and number >= limit):
                    return
        except requests.exceptions.JSONDecodeError as error:
            attempt += 1
            if attempt == TRIES:
                raise _not_ready(api, f"page {number + 1} of {extract.table}", error) from None
        except (requests.RequestException, ValueError) as error:
            raise _not_ready(api, f"page {number + 1} of {extract.table}", error) from None


def _kept(work: Path) -> dict[str, Any]:
    path = work / "next.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def _paginator(call: Call) -> BasePaginator:
    try:
        found = create_paginator(call.paginator)  # type: ignore[arg-type]
    except (ValueError, TypeError) as error:
        raise ConfigurationFault(
            f"paginator: expected a paginator of dlt's REST API source, found {call.paginator}: "
            f"{error}"
        ) from None
    if found is None:
        raise ConfigurationFault("paginator: expected a declared type, found auto.")
    return found


def _resumed(paginator: BasePaginator, kept: dict[str, Any]) -> BasePaginator:
    """A paginator that counts goes on counting where the interrupted pull stood."""
    if isinstance(paginator, RangePaginator) and paginator.param_name in kept.get("params", {}):
        paginator.initial_value = int(kept["params"][paginator.param_name])
    return paginator


def _hold_to_host(api: Api, kept: dict[str, Any]) -> None:
    following = urlparse(urljoin(api.client.base_url, kept["url"] or ""))
    if not kept["is_done"] and following.netloc != urlparse(api.client.base_url).netloc:
        raise NotReadyFault(
            f"source {api.source.name}: expected the next page on "
            f"{urlparse(api.client.base_url).netloc}, found {following.netloc}; the credentials "
            "are not sent there. Ask the owner of the API."
        )


def _rows(
    api: Api, extract: Extract, call: Call, response: requests.Response, number: int
) -> list[Any]:
    whole = exact_json(response.text)
    found = whole
    for part in call.rows.split(".") if call.rows else []:
        found = found.get(part) if isinstance(found, dict) else None
    if isinstance(found, dict) and not call.rows:
        found = [found]
    if not isinstance(found, list):
        keys = ", ".join(sorted(whole)) if isinstance(whole, dict) else type(whole).__name__
        raise NotReadyFault(
            f"source {api.source.name}: expected rows under '{call.rows}' in page {number} of "
            f"{extract.table}, found {keys}. Run make nightly again; where it stays so, correct "
            "request.rows in sources.yml."
        )
    return found


def _not_ready(api: Api, what: str, error: Exception) -> NotReadyFault:
    """What went wrong in one line without address parameters, token or body."""
    response = getattr(error, "response", None)
    said = type(error).__name__
    if response is not None:
        codes = "".join(f" {code}" for code in _error_codes(response))
        said = f"status {response.status_code}{codes}"
    elif isinstance(error, ValueError):
        said = "an answer that is no JSON"
    hint = "Run make nightly again"
    if response is not None and response.status_code in (401, 403):
        variable = api.source.connector.auth.env
        hint = f"Check the credentials in {variable}, then run make nightly again"
    return NotReadyFault(
        f"source {api.source.name}: expected {what} from {api.name}, found {said}. {hint}."
    )


def _error_codes(response: requests.Response) -> list[str]:
    """The codes by which an API names its error, never its text."""
    try:
        body = response.json()
    except ValueError:
        return []
    entries = body if isinstance(body, list) else [body]
    keys = ("errorCode", "category", "code")
    return [str(e[k])[:60] for e in entries if isinstance(e, dict) for k in keys if k in e][:3]
