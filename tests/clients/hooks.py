"""How Schemathesis sends lines of JSON, and reads them."""
import json

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def lines(context, value):
    return value.encode() if isinstance(value, str) else json.dumps(value).encode()


@schemathesis.deserializer("application/x-ndjson")
def read(context, response):
    # What is described is one line.
    return json.loads(response.content.split(b"\n")[0])
