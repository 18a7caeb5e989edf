"""A plugin without any library: JSON-RPC 2.0, one object a line. Whatever is printed to stderr is its log."""

import json
import os
import sys

CONFIG = json.loads(os.environ["AVIATO_PLUGIN_CONFIG"])


def say(message):
    print(json.dumps({"jsonrpc": "2.0", **message}), flush=True)


def scan(files):
    share = CONFIG["share"]
    return {
        "chapters": [
            {
                "fileId": file["fileId"],
                "role": "credits",
                "startTime": file["duration"] * (1 - share),
                "endTime": file["duration"],
            }
            for file in files
        ]
    }


METHODS = {
    "ping": lambda params: {"pong": True},
    "shutdown": lambda params: {"ok": True},
    "mediaScan.algorithmVersion": lambda params: {"algorithmVersion": "1"},
    "mediaScan.scanSingle": lambda params: scan([params["file"]]),
    "mediaScan.scanBatch": lambda params: scan(params["files"]),
}

say({"method": "ready"})
for line in sys.stdin:
    call = json.loads(line)
    if "id" not in call or "method" not in call:
        continue
    method = METHODS.get(call["method"])
    if method is None:
        say({"id": call["id"], "error": {"code": -32601, "message": "unknown method"}})
        continue
    try:
        say({"id": call["id"], "result": method(call["params"])})
    except Exception as error:
        say({"id": call["id"], "error": {"code": -32603, "message": repr(error)}})
    if call["method"] == "shutdown":
        break
