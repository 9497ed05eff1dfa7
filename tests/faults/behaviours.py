"""How a server can fail, whatever it serves."""

from collections.abc import Callable

from tests.faults.server import Behaviour, Exchange, Reply, genuine

# Longer than any caller should wait.
_LONG_SECONDS = 20.0


def answers(status: int, body: bytes, content_type: str = "application/json") -> Behaviour:
    """Always this."""
    return lambda exchange: exchange.send(Reply(status, body, content_type))


def garbage(status: int = 200) -> Behaviour:
    """A page of somebody who stands between."""
    return answers(status, b"<html><h1>please sign in</h1></html>", "text/html")


def changed(change: Callable[[bytes], bytes]) -> Behaviour:
    """What the real server says, with another body."""

    def behaviour(exchange: Exchange) -> None:
        reply = exchange.genuine()
        exchange.send(Reply(reply.status, change(reply.body), reply.content_type))

    return behaviour


def once(first: Behaviour) -> Behaviour:
    """The first request so, the others as if nothing were wrong."""
    return lambda exchange: (first if exchange.earlier == 0 else genuine)(exchange)


def hangs(exchange: Exchange) -> None:
    """The connection is taken, and no word is said for a long time."""
    if exchange.wait(_LONG_SECONDS):
        genuine(exchange)


def hangs_after_its_head(exchange: Exchange) -> None:
    """Status and headers come at once, the body does not."""
    reply = exchange.genuine()
    exchange.send_head(reply)
    exchange.wait(_LONG_SECONDS)
    exchange.hang_up()


def trickles(exchange: Exchange) -> None:
    """The right answer, a byte a second."""
    reply = exchange.genuine()
    exchange.send_head(reply)
    for byte in reply.body:
        exchange.send_some(bytes([byte]))
        if not exchange.wait(1.0):
            break
    exchange.hang_up()


def truncated(exchange: Exchange) -> None:
    """The connection ends in the middle of the right answer."""
    reply = exchange.genuine()
    exchange.send(Reply(reply.status, reply.body[: len(reply.body) // 2], reply.content_type), len(reply.body))
    exchange.hang_up()


def hangs_up(exchange: Exchange) -> None:
    """The connection is closed without a word."""
    exchange.hang_up()


def resets(exchange: Exchange) -> None:
    """The connection is reset."""
    exchange.reset()


# Ways with the names that every table gives them.
SLOW: dict[str, Behaviour] = {
    "says nothing": hangs,
    "stops after its headers": hangs_after_its_head,
    "a byte a second": trickles,
}
BREAKS: dict[str, Behaviour] = {"hangs up": hangs_up, "resets": resets}
