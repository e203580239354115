"""relay.py - a relay on loopback that speaks plain HTTP to a client and TLS to the API server, and keeps what passes."""

import socket
import threading


class Connection:
    """The bytes of one connection, as (side, bytes) in the order in which they passed."""

    def __init__(self):
        self.passed = []
        self.lock = threading.Lock()

    def keep(self, side, data):
        with self.lock:
            self.passed.append((side, data))


class Relay:
    """Accepts until it is closed; `connections` holds what passed."""

    def __init__(self, address, context):
        self.address = address
        self.context = context
        self.connections = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self.listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = self.context.wrap_socket(
                socket.create_connection(self.address), server_hostname=self.address[0])
            connection = Connection()
            self.connections.append(connection)
            for side, source, sink in ((">", client, server), ("<", server, client)):
                threading.Thread(target=self._pass, args=(connection, side, source, sink), daemon=True).start()

    @staticmethod
    def _pass(connection, side, source, sink):
        try:
            while data := source.recv(65536):
                connection.keep(side, data)
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
