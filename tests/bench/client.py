"""The floor under every mailbox reader: one `UID FETCH 1:* (BODY.PEEK[])`, thrown away as it comes."""

import socket
import ssl


def fetch(port, user, ca=None):
    """Bytes that came; `ca`, a PEM file, for TLS from the first byte."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    if ca:
        connection = ssl.create_default_context(cafile=ca).wrap_socket(connection, server_hostname="localhost")
    with connection:
        greeting = connection.recv(4096)
        if not greeting.startswith(b"* OK"):
            raise RuntimeError(f"no IMAP server: {greeting!r}")
        command(connection, b"bench1", b"LOGIN %s test" % user.encode())
        command(connection, b"bench2", b"EXAMINE INBOX")
        return command(connection, b"bench3", b"UID FETCH 1:* (BODY.PEEK[])")


def command(connection, tag, words):
    """Sends it and reads until its tagged OK; returns how many bytes came."""
    connection.sendall(tag + b" " + words + b"\r\n")
    buffer, end, total = bytearray(1 << 20), b"", 0
    while not (end.endswith(b"\r\n") and last_line(end).startswith(tag + b" ")):
        count = connection.recv_into(buffer)
        if count == 0:
            raise RuntimeError(f"the server hung up during {words!r}")
        end, total = (end + bytes(buffer[max(0, count - 512) : count]))[-512:], total + count
    if not last_line(end).startswith(tag + b" OK"):
        raise RuntimeError(f"{words!r}: {last_line(end)!r}")
    return total


def last_line(end):
    return end[:-2].rsplit(b"\r\n", 1)[-1]
