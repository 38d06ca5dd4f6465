"""A TCP proxy that breaks what goes through it: holds it back, delays it, loses answers, resets connections."""

import asyncio
import contextlib
import socket
import struct
import threading
import urllib.parse

# How PostgreSQL says that a transaction is committed.
COMMITTED = b"COMMIT\0"


class Proxy:
    """Listens on a loopback port for one server; `url` leads to it. Its methods may be called from any thread."""

    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        self.target = (parts.hostname, parts.port or 5432)
        self.loop = asyncio.new_event_loop()
        self.open = asyncio.Event()
        self.open.set()
        self.delay, self.armed, self.losing, self.lost_commits = 0, False, False, 0
        self.writers = set()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.server = self.call(asyncio.start_server(self.serve, "127.0.0.1", 0))
        port = self.server.sockets[0].getsockname()[1]
        user = f"{parts.username}@" if parts.username else ""
        self.url = urllib.parse.urlunsplit(parts._replace(netloc=f"{user}127.0.0.1:{port}"))

    def call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(30)

    def hold(self):
        """From now on nothing passes in either direction, and no connection ends: a partition."""
        self.loop.call_soon_threadsafe(self.open.clear)

    def let_go(self):
        """What was held back arrives, late; everything passes again."""
        self.loop.call_soon_threadsafe(self.open.set)

    def lose_next_commit(self):
        """The next answer that says that something is committed is lost, and all after it on any connection."""
        self.armed = True

    def reset(self):
        """Ends every connection at once, from the client's side by RST; everything passes again."""
        self.call(self.abort())

    async def abort(self):
        for writer in list(self.writers):
            # No time to linger: the other side is told at once, and what was not sent is lost.
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
        self.armed = self.losing = False
        self.open.set()

    async def serve(self, reader, writer):
        self.writers.add(writer)
        try:
            await self.open.wait()
            there, back = await asyncio.open_connection(*self.target)
        except OSError:
            writer.close()
            return
        finally:
            self.writers.discard(writer)
        ends = {writer, back}
        self.writers |= ends
        with contextlib.suppress(OSError):
            await asyncio.gather(self.pump(reader, back), self.pump(there, writer, answers=True))
        for end in ends:
            end.close()
        self.writers -= ends

    async def pump(self, reader, writer, answers=False):
        try:
            while chunk := await reader.read(65536):
                if answers and (self.losing or self.armed and COMMITTED in chunk):
                    self.losing = True
                    self.lost_commits += chunk.count(COMMITTED)
                    continue
                if self.delay:
                    await asyncio.sleep(self.delay)
                await self.open.wait()
                writer.write(chunk)
                await writer.drain()
        finally:
            writer.close()

    def close(self):
        self.call(self.abort())
        self.loop.call_soon_threadsafe(self.server.close)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
