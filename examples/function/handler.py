"""Answers every request in the same way."""

import json
import os


def handle(event, context):
    body = json.dumps({"greeting": os.environ["GREETING"]})
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": body}
