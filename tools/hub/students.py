"""Simulated students: each follows the link of the guide, pulls, and runs notebooks in a server of its own."""

import asyncio
import json
import time
import urllib.parse
import urllib.request
from collections.abc import Awaitable
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from uuid import uuid4

import nbformat
import psutil
from nbformat.v4 import output_from_msg
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from tools.hub.hub import Hub

LINK = "/hub/user-redirect/git-pull?repo={repo}&branch=main&urlpath=lab%2Ftree%2F{name}%2F"
MESSAGES = 64 * 2**20  # bytes of one: a picture is large
OUTPUTS = ("execute_result", "stream", "display_data", "error")


@dataclass
class Student:
    """What one student did, how long it took, and what failed."""

    hub: Hub
    name: str
    seconds: dict[str, float] = field(default_factory=dict)
    used: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    @property
    def server(self) -> str:
        return f"/user/{self.name}"

    async def ask(self, path: str, method: str = "GET", body: object = None) -> object:
        return await asyncio.to_thread(self.hub.ask, path, method, body)

    async def work(self, notebooks: list[str]) -> None:
        """All of it, one notebook after the other, each left open as people do."""
        try:
            await self.timed("server", self.arrive())
            await self.timed("pull", self.pull())
            for path in notebooks:
                await self.timed(path, self.run(path))
                await asyncio.to_thread(self.weigh, path)
        except Exception as error:  # what becomes of one student is a row of the table
            self.failures.append(f"{self.name}: {type(error).__name__}: {error}")

    async def timed(self, what: str, doing: Awaitable[None]) -> None:
        start = time.monotonic()
        await doing
        self.seconds[what] = time.monotonic() - start

    async def arrive(self) -> None:
        """Follow the link with a browser's cookies, log in on the way, and wait for the server that it starts."""
        repo = urllib.parse.quote(self.hub.repository.as_uri(), safe="")
        self.link = self.hub.address + LINK.format(repo=repo, name=self.hub.repository.name)
        jar = CookieJar()
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

        def get(address: str, form: dict[str, str] | None = None) -> tuple[str, str]:
            data = form and urllib.parse.urlencode(form).encode()
            with browser.open(urllib.request.Request(address, data), timeout=300) as page:
                return page.url, page.read().decode()

        login, _ = await asyncio.to_thread(get, self.link)
        xsrf = next(cookie.value for cookie in jar if cookie.name == "_xsrf")
        await asyncio.to_thread(get, login, {"username": self.name, "password": "", "_xsrf": xsrf})
        told = str(await self.ask(f"/hub/api/users/{self.name}/server/progress"))
        assert '"ready": true' in told, told
        _, page = await asyncio.to_thread(get, self.link)
        assert "nbgitpuller" in page, "the link does not lead to nbgitpuller"

    async def pull(self) -> None:
        """What the page behind the link asks of the server."""
        query = urllib.parse.urlsplit(self.link).query
        told = str(await self.ask(f"{self.server}/git-pull/api?{query}"))
        assert '"phase": "finished"' in told, told

    async def run(self, path: str) -> None:
        """Open a notebook, type answers, run every cell, and save, as JupyterLab does."""
        place = urllib.parse.quote(f"{self.hub.repository.name}/{path}")
        nb = nbformat.from_dict((await self.ask(f"{self.server}/api/contents/{place}"))["content"])
        session = {"path": place, "name": place, "type": "notebook", "kernel": {"name": "python3"}}
        kernel = (await self.ask(f"{self.server}/api/sessions", "POST", session))["kernel"]["id"]
        channel = await Channel.to(self.hub, f"{self.server}/api/kernels/{kernel}/channels")
        try:
            await channel.call("kernel_info_request", {})
            for cell in (c for c in nb.cells if c.cell_type == "code"):
                cell.source = cell.source.replace(", None)", ", 0)")
                reply, cell.outputs = await channel.call(
                    "execute_request", {"code": cell.source, "store_history": True}
                )
                cell.execution_count = reply.get("execution_count")
                if reply["status"] != "ok":
                    self.failures.append(f"{self.name}: {path}, {cell.id}: {reply.get('evalue', reply['status'])}")
        finally:
            channel.socket.close()
        await self.ask(f"{self.server}/api/contents/{place}", "PUT", {"type": "notebook", "content": nb})

    def weigh(self, path: str) -> None:
        """What the server, the newest kernel and all together have used up to now."""
        state = self.hub.ask(f"/hub/api/users/{self.name}")["servers"][""]["state"]
        server = psutil.Process(state["pid"])
        every = [server, *server.children(recursive=True)]
        kernels = [p for p in every if "ipykernel_launcher" in " ".join(p.cmdline())]
        self.used["server"] = used(server)
        self.used[path] = used(max(kernels, key=psutil.Process.create_time))
        self.used["together"] = tuple(map(sum, zip(*map(used, every), strict=True)))


def used(process: psutil.Process) -> tuple[float, float, float]:
    """Seconds of processor, MB in memory, and MB with shared pages divided among those who share them."""
    memory, times = process.memory_full_info(), process.cpu_times()
    return times.user + times.system, memory.rss / 1e6, getattr(memory, "pss", memory.uss) / 1e6


@dataclass
class Channel:
    """A connection to a kernel."""

    socket: object
    session: str

    @classmethod
    async def to(cls, hub: Hub, path: str) -> "Channel":
        session = uuid4().hex
        address = f"{hub.address.replace('http', 'ws', 1)}{path}?session_id={session}"
        request = HTTPRequest(address, headers={"Authorization": f"token {hub.token}"}, connect_timeout=60)
        return cls(await websocket_connect(request, max_message_size=MESSAGES), session)

    async def call(self, kind: str, content: dict) -> tuple[dict, list]:
        """The reply to a request, and the outputs on the way to it."""
        header = {"msg_id": uuid4().hex, "session": self.session, "username": "", "msg_type": kind, "version": "5.3"}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
        await self.socket.write_message(json.dumps(message))
        reply, idle, outputs = None, False, []
        while reply is None or not idle:
            if (text := await self.socket.read_message()) is None:
                raise ConnectionError("the kernel's connection closed")
            told = json.loads(text)
            told["header"]["msg_type"] = name = told["msg_type"]
            if name == "status" and told["content"]["execution_state"] in ("restarting", "autorestarting", "dead"):
                raise ConnectionError("the kernel died")
            if told["parent_header"].get("msg_id") != header["msg_id"]:
                continue
            if told["channel"] == "shell":
                reply = told["content"]
            elif name == "status":
                idle = told["content"]["execution_state"] == "idle"
            elif name in OUTPUTS:
                outputs.append(output_from_msg(told))
        return reply, outputs
