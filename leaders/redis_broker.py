"""Redis as kombu uses it, but outlived by the worker when it restarts.

When Redis goes away, Celery gives the connection up and closes its channels. A channel with tasks that were not yet
confirmed then wants to hand them back, asks the connection for the address, and finds none: an AttributeError, which
ends the worker for good. Here that is a lost connection like any other, which Celery knows how to wait for. The tasks
come again after VISIBILITY_TIMEOUT or, where Redis has forgotten them, with a later tick: what is to be done is a row.
"""

from kombu.transport import redis
from redis.exceptions import ConnectionError as ConnectionLost


class Channel(redis.Channel):
    def _connparams(self, *args, **kwargs):
        if self.connection.client is None:
            raise ConnectionLost("The connection was given up")
        return super()._connparams(*args, **kwargs)


class Transport(redis.Transport):
    Channel = Channel
