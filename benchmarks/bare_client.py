"""`python -m benchmarks.bare_client HOST:PORT REQUESTS PARALLELISM`: that many requests that carry nothing.

What they take is what this machine and the served platform need at this moment, with hardly a client: the floor that
can be reached, beside the one that is computed.
"""

import http.client
import sys
from concurrent.futures import ThreadPoolExecutor

_PATH = "/data/foundation/flowservice/flowSpecs"


def send(address: str, requests: int) -> None:
    """Send requests one after the other on one connection."""
    connection = http.client.HTTPConnection(address)
    for _ in range(requests):
        connection.request("GET", _PATH)
        connection.getresponse().read()
    connection.close()


def main(address: str, requests: int, parallelism: int) -> None:
    """Share the requests out among threads."""
    shares = [len(range(first, requests, parallelism)) for first in range(parallelism)]
    with ThreadPoolExecutor(parallelism) as pool:
        list(pool.map(lambda share: send(address, share), shares))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
