"""One connection of HTTP/1.1 that is kept: the least that a browser must do, so that the machine measures the server."""

import asyncio
from contextlib import suppress

from teams.auth.sessions import form_token
from teams.demo.bench.load_mix import Visit, Visitor
from teams.http.gate import COOKIE


class Connection:
    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.reader: asyncio.StreamReader
        self.writer: asyncio.StreamWriter | None = None

    async def again(self) -> None:
        self.close()
        self.reader, self.writer = await asyncio.open_connection(self.host, self.port)

    def close(self) -> None:
        if self.writer is not None:
            with suppress(OSError):
                self.writer.close()

    async def send(self, visit: Visit, visitor: Visitor) -> tuple[int, bytes]:
        """Status and body, as they came over the wire; a connection that the server closed is opened once more."""
        assert self.writer is not None
        self.writer.write(self._head(visit, visitor) + visit.body)
        try:
            head = await self.reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError as error:
            if error.partial or visit.body:
                raise
            await self.again()
            self.writer.write(self._head(visit, visitor))
            head = await self.reader.readuntil(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:] if line)}
        body = await self._body(fields)
        if fields.get("connection") == "close":
            await self.again()
        return int(lines[0].split(" ")[1]), body

    async def _body(self, fields: dict[str, str]) -> bytes:
        if fields.get("transfer-encoding") != "chunked":
            return await self.reader.readexactly(int(fields.get("content-length", "0")))
        found = b""
        while size := int(await self.reader.readline(), 16):
            found += (await self.reader.readexactly(size + 2))[:-2]
        await self.reader.readline()
        return found

    def _head(self, visit: Visit, visitor: Visitor) -> bytes:
        method = "POST" if visit.body else "GET"
        lines = [
            f"{method} {visit.path} HTTP/1.1", f"Host: {self.host}:{self.port}", f"Cookie: {COOKIE}={visitor.session}", "Sec-Fetch-Site: same-origin",
            "Accept-Language: nl",
        ]  # fmt: skip
        if visit.body:
            lines += [
                "Content-Type: application/json",
                f"Content-Length: {len(visit.body)}",
                f"X-CSRF-Token: {form_token(visitor.session)}",
            ]
        else:
            lines.append("Accept-Encoding: gzip")
        return ("\r\n".join(lines) + "\r\n\r\n").encode()
