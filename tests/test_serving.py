"""The server examples of docs/serving.md: nginx's is run as it stands there, IIS's is compared with it."""

from __future__ import annotations

import gzip
import http.client
import re
import socket
import subprocess
import time
from contextlib import contextmanager
from shutil import copytree
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree

import pytest
from browser import CHART, read_through, reader
from browser import pages as pages_of
from projects import ROOT
from sites import publish

from bootstrap import find_nginx

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

IMMUTABLE = "public, max-age=31536000, immutable"
# What a fetched program has no folders for, and a port of this machine alone.
AROUND = """daemon off; master_process off; pid {work}/nginx.pid; error_log {work}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {work}/body; proxy_temp_path {work}/proxy; fastcgi_temp_path {work}/fastcgi;
    uwsgi_temp_path {work}/uwsgi; scgi_temp_path {work}/scgi;
{example}
}}
"""


def example(language: str) -> str:
    """The one example in a language."""
    found = re.findall(
        rf"^```{language}\n(.*?)^```", (ROOT / "docs" / "serving.md").read_text(encoding="utf-8"), re.M | re.S
    )
    assert len(found) == 1
    return str(found[0])


@contextmanager
def running(folder: Path, work: Path, config: str) -> Iterator[int]:
    """Run nginx by an example of its configuration; gives its port."""
    nginx = find_nginx()
    assert nginx, "没有 nginx；请运行 python3 bootstrap.py test，或安装 nginx。"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    for line, wanted in (
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("root /srv/evalbook;", f"root {folder};"),
    ):
        assert config.count(line) == 1
        config = config.replace(line, wanted)
    work.mkdir(exist_ok=True)
    (work / "nginx.conf").write_text(AROUND.format(work=work, example=config), encoding="utf-8")
    command = [nginx, "-p", str(work), "-e", f"{work}/error.log", "-c", str(work / "nginx.conf")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        try:
            for _ in range(100):
                assert server.poll() is None, server.stderr.read() if server.stderr else ""
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            yield port
        finally:
            server.terminate()
    # A warning (a type named twice, a directive without effect) is a fault of the example.
    assert (work / "error.log").read_text(encoding="utf-8").count("[warn]") == 0


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


def ask(port: int, path: str, method: str = "GET", **headers: str) -> Answer:
    """Ask for a path exactly as written, which no library's tidying has touched."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest(method, path, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    response = connection.getresponse()
    answer = Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
    connection.close()
    return answer


# A file of every kind that a published site has, and the type that it must have.
KINDS = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "mjs": "text/javascript; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "xml": "application/atom+xml; charset=utf-8",
    "svg": "image/svg+xml; charset=utf-8",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
    "woff2": "font/woff2",
    "ttf": "font/ttf",
    "inv": "application/octet-stream",
    "unknown": "application/octet-stream",
}
CONTENT = "民政局" * 1000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, site: Path) -> Path:
    """A published folder whose first edition of 2020 is the real book, and things that no reader may have."""
    outside = tmp_path_factory.mktemp("served")
    folder = publish(outside / "site")
    copytree(site, folder / "2020/1", dirs_exist_ok=True)
    for kind in KINDS:
        for place in ("2020", "2020/2"):
            (folder / place / f"file.{kind}").write_text(CONTENT, encoding="utf-8")
    (folder / ".evalbook").mkdir()
    for secret in (".evalbook/staged.html", "2020/.hidden.html"):
        (folder / secret).write_text("SECRET", encoding="utf-8")
    (outside / "secret.html").write_text("SECRET", encoding="utf-8")
    (folder / "2020/2/link.html").symlink_to(outside / "secret.html")
    (folder / "2020/2/linked").symlink_to(outside, target_is_directory=True)
    (folder / "2020/2/no-index").mkdir()
    (folder / "2020/2/no-index/SECRET.html").write_text("", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def port(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with running(folder, tmp_path_factory.mktemp("nginx"), example("nginx")) as port:
        yield port


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_has_its_headers(port: int, kind: str) -> None:
    for place, cached in (("2020", "no-cache"), ("2020/2", IMMUTABLE)):
        path = f"/{place}/file.{kind}"
        plain, packed = ask(port, path), ask(port, path, Accept_Encoding="gzip")
        head = ask(port, path, "HEAD")
        assert (plain.status, packed.status, head.status) == (200, 200, 200)
        for answer in (plain, packed, head):
            assert answer.headers["content-type"] == KINDS[kind]
            assert answer.headers["cache-control"] == cached
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["referrer-policy"] == "same-origin"
            assert answer.headers["server"] == "nginx"
            assert ("content-security-policy" in answer.headers) == (kind == "html")
            assert answer.headers["etag"]
            assert answer.headers["last-modified"]
        assert plain.body.decode() == CONTENT
        assert head.body == b""
        # Text is sent small, what is packed already as it is.
        assert ("content-encoding" in packed.headers) == ("charset" in KINDS[kind])
        if "charset" in KINDS[kind]:
            assert gzip.decompress(packed.body).decode() == CONTENT
            assert packed.headers["vary"] == "Accept-Encoding"
        again = ask(port, path, If_None_Match=packed.headers["etag"])
        assert (again.status, again.headers["cache-control"], again.body) == (304, cached, b"")


def test_every_file_of_the_real_book_has_a_type_of_its_own(site: Path) -> None:
    found = {path.suffix for path in site.rglob("*") if path.is_file()}
    # Catalogues of the theme's translations, which no page asks for.
    assert found - {".po", ".mo"} <= nginx_types(example("nginx")).keys()


@pytest.mark.parametrize("path", ["/", "/2020/", "/2020/2/", "/2021/1/", "/calendar.html", "/feed.xml"])
def test_the_site_is_there(port: int, path: str) -> None:
    answer = ask(port, path)
    assert answer.status == 200
    assert answer.headers["cache-control"] == (IMMUTABLE if path.count("/") == 3 else "no-cache")


def test_a_folder_without_its_slash_is_led_there(port: int) -> None:
    answer = ask(port, "/2020/1")
    assert (answer.status, answer.headers["location"]) == (301, "/2020/1/")
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/no.html",
        "/2020/no.html",
        "/2020/1/no.html",
        "/2020/9/index.html",  # an edition to come: nobody may remember that it was not there
        "/2020/2/no-index/",
        "/.evalbook/",
        "/.evalbook/staged.html",
        "/%2eevalbook/staged.html",
        "/.evalbook%2fstaged.html",
        "/2020/.hidden.html",
        "/2020/2/link.html",
        "/2020/2/linked/secret.html",
        "/..%5csecret.html",
        "/2020/..%2f.evalbook/staged.html",
        "//.evalbook//staged.html",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_is_not_for_readers_is_not_there(port: int, folder: Path, path: str, method: str) -> None:
    answer = ask(port, path, method)
    assert answer.status == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    if method == "GET":
        assert answer.body == (folder / "404.html").read_bytes()
        assert "没有这个网页" in answer.body.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.html",
        "/%2e%2e/secret.html",
        "/..%2fsecret.html",
        "/2020/../../secret.html",
        "/2020/%2e%2e/%2e%2e/secret.html",
        "/2020/2/linked/../../../../secret.html",
        "/secret.html",
        "/index.html%00.pdf",
    ],
)
def test_nothing_outside_the_folder_is_served(port: int, path: str) -> None:
    answer = ask(port, path)
    assert answer.status in {400, 404}
    assert b"SECRET" not in answer.body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_sent(port: int, folder: Path, method: str) -> None:
    answer = ask(port, "/2020/2/file.pdf", method, Content_Length="0")
    assert answer.status == 405
    assert answer.headers["cache-control"] == "no-cache"
    assert (folder / "2020/2/file.pdf").read_text(encoding="utf-8") == CONTENT


def test_a_part_of_a_pdf_can_be_asked_for(port: int) -> None:
    answer = ask(port, "/2020/2/file.pdf", Range="bytes=3-8")
    assert (answer.status, answer.body.decode()) == (206, "政局")
    assert answer.headers["content-range"] == "bytes 3-8/9000"
    assert answer.headers["cache-control"] == IMMUTABLE
    assert ask(port, "/2020/2/file.pdf", Range="bytes=90000-").status == 416


PLANTED = [
    (
        "$evalbook_cache always",
        '"public, max-age=31536000, immutable" always',
        "/2020/9/index.html",
        "immutable",
    ),
    ("return 404;", "", "/.evalbook/staged.html", "SECRET"),
    ("disable_symlinks on from=$document_root;", "", "/2020/2/link.html", "SECRET"),
    ("default_type", "autoindex on; default_type", "/2020/2/no-index/", "SECRET"),
    ("error_page 403 404 =404 /404.html;", "", "/no.html", "<center>nginx</center>"),
    ("charset utf-8;", "", "/no.html", "text/html'"),
    ("server_tokens off;", "", "/", "nginx/1"),
]


def test_what_the_example_forbids_would_be_found(folder: Path, tmp_path: Path) -> None:
    config = example("nginx")
    for number, (line, planted, path, found) in enumerate(PLANTED):
        assert config.count(line) == 1, line
        with running(folder, tmp_path / str(number), config.replace(line, planted)) as port:
            assert found in str(ask(port, path)), line


# Chromium without a window shows no icon of a page.
SHOW_ICON = (
    "document.body.append(Object.assign(new Image(), { src: document.querySelector('link[rel=icon]').href }))"
)


def test_the_real_book_works_under_the_policy(browser: Browser, port: int, site: Path) -> None:
    address = f"http://127.0.0.1:{port}"
    charts = [name for name in pages_of(site) if "vega-lite" in (site / name).read_text(encoding="utf-8")]
    drawn = 0
    with reader(browser, address) as reading:
        page = reading.page
        for name in ("index.html", "years/2020/checks.html", *charts):
            page.goto(f"{address}/2020/1/{name}")
            read_through(page)
            drawn += page.locator(CHART).count()
        page.goto(f"{address}/2020/1/search.html?q=临时救助")
        page.locator("#search-results li p").first.wait_for()
        page.goto(f"{address}/index.html")
        page.evaluate(SHOW_ICON)
        page.goto(f"{address}/2020/02-funds.html#second")
        page.wait_for_url("**/2020/1/02-funds.html#second")
    assert (reading.errors, reading.outside) == ([], [])
    assert drawn >= len(charts) > 0


@pytest.mark.parametrize(
    ("needed", "name"),
    [
        (" 'unsafe-eval'", "2020/1/years/2020/02-funds.html"),
        (" 'unsafe-inline'", "index.html"),
        (" data:", "index.html"),
    ],
)
def test_the_policy_allows_nothing_that_is_not_needed(
    browser: Browser, folder: Path, tmp_path: Path, needed: str, name: str
) -> None:
    policy = re.compile(r"\"default-src .*\"")
    config = policy.sub(lambda found: found[0].replace(needed, ""), example("nginx"))
    assert config != example("nginx")
    with running(folder, tmp_path / "nginx", config) as port:
        address = f"http://127.0.0.1:{port}"
        with (
            reader(browser, address) as reading,
            reading.page.expect_console_message(lambda said: "Content Security Policy" in said.text),
        ):
            reading.page.goto(f"{address}/{name}")
            reading.page.evaluate(SHOW_ICON)


def nginx_types(config: str) -> dict[str, str]:
    """Type of each ending in an example of nginx, with the character set where it is sent."""
    block = re.search(r"types \{(.*?)\}", config, re.DOTALL)
    texts = re.search(r"charset_types (.*?);", config)
    assert block
    assert texts
    charset = {"text/html", *texts[1].split()}
    return {
        f".{ending}": f"{kind}; charset=utf-8" if kind in charset else kind
        for kind, *endings in (line.split() for line in block[1].replace(";", "").strip().splitlines())
        for ending in endings
    }


def differences(config: str, web_config: str) -> list[str]:
    """In what an example of IIS is not like one of nginx."""
    server = ElementTree.fromstring(web_config).find("system.webServer")  # noqa: S314 (the project's own)
    assert server is not None

    def values(path: str, *names: str) -> list[tuple[str | None, ...]]:
        return sorted(tuple(map(node.get, names)) for node in server.findall(path))

    def rule(name: str) -> str:
        return f"rewrite/outboundRules/rule[@name='{name}']"

    kept, default = re.findall(r'(?:"~(\S+ \S+)"|default)\s+"([^"]+)";', config)[:2]
    policy = re.search(r'"~(\S+)"\s+"(default-src [^"]+)";', config)
    errors = re.search(r"error_page ([\d ]+) =404 /(\S+);", config)
    assert policy
    assert errors
    fixed = re.findall(r"add_header (\S+) ([\w-]+) always;", config)
    pairs = {
        "types": (
            values("staticContent/mimeMap", "fileExtension", "mimeType"),
            sorted(nginx_types(config).items()),
        ),
        # What IIS calls so sends "no-cache".
        "cache": (
            values("staticContent/clientCache", "cacheControlMode"),
            [("DisableCache",)] if default == ("", "no-cache") else [],
        ),
        "kept": (values(f"{rule('editions')}/action", "type", "value"), [("Rewrite", kept[1])]),
        "header kept": (
            values(f"{rule('editions')}/match", "serverVariable", "pattern"),
            [("RESPONSE_Cache_Control", ".*")],
        ),
        "policy": (values(f"{rule('policy')}/action", "type", "value"), [("Rewrite", policy[2])]),
        "pages with policy": (
            values(f"{rule('policy')}/conditions/add", "input", "pattern"),
            [("{RESPONSE_Content_Type}", policy[1])],
        ),
        "headers": (values("httpProtocol/customHeaders/add", "name", "value"), sorted(fixed)),
        "error page": (
            values("httpErrors/error", "statusCode", "path", "responseMode"),
            [(status, errors[2], "File") for status in errors[1].split()],
        ),
        "listing": (values("directoryBrowse", "enabled"), [("false",)]),
        "hidden": (
            values(".//denyUrlSequences/add", "sequence"),
            [("/.",)] if r"location ~ /\. {" in config else [],
        ),
        "index": (values("defaultDocument/files/add", "value"), [("index.html",)]),
    }
    found = [
        f"{what}: {on_iis} {on_nginx}" for what, (on_iis, on_nginx) in pairs.items() if on_iis != on_nginx
    ]
    conditions = values(f"{rule('editions')}/conditions/add", "input", "pattern")
    for status in (200, 206, 301, 304, 404, 405, 500):
        for path in (
            "/",
            "/2020/",
            "/2020/1",
            "/2020/1/",
            "/2020/12/a.html",
            "/2020/guide/a.html",
            "/a/2020/1/",
        ):
            said = {"{RESPONSE_STATUS}": str(status), "{REQUEST_URI}": path}
            on_iis = all(re.search(str(pattern), said[str(name)]) for name, pattern in conditions)
            if on_iis != bool(re.search(kept[0], f"{status} {path}")):
                found.append(f"kept: {status} {path}")
    return found


def test_iis_does_what_nginx_does() -> None:
    assert differences(example("nginx"), example("xml")) == []


@pytest.mark.parametrize(
    ("language", "line", "planted"),
    [
        (
            "xml",
            'fileExtension=".csv" mimeType="text/csv; charset=utf-8"',
            'fileExtension=".csv" mimeType="text/csv"',
        ),
        ("nginx", "woff2;", "woff;"),
        ("nginx", "charset_types text/css", "charset_types"),
        ("xml", "DisableCache", "NoControl"),
        ("xml", "max-age=31536000", "max-age=60"),
        ("xml", "(200|206|304)", "(200|404)"),
        ("nginx", r"/\d{4}/\d+/", r"/\d{4}/"),
        ("xml", "RESPONSE_Cache_Control", "RESPONSE_Cache-Control"),
        ("nginx", "object-src 'none'", "object-src 'self'"),
        ("xml", "^text/html", "^text/"),
        ("xml", 'value="same-origin"', 'value="origin"'),
        ("xml", 'statusCode="404" path="404.html"', 'statusCode="404" path="/404.html"'),
        ("xml", 'directoryBrowse enabled="false"', 'directoryBrowse enabled="true"'),
        ("nginx", r"location ~ /\. {", "location ~ /x {"),
    ],
)
def test_a_difference_between_the_servers_is_found(language: str, line: str, planted: str) -> None:
    examples = {name: example(name) for name in ("nginx", "xml")}
    assert line in examples[language]
    examples[language] = examples[language].replace(line, planted)
    assert differences(examples["nginx"], examples["xml"]) != []
