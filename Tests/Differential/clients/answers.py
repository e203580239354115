"""answers.py METHOD PATH [BODY] - one request as it is, and the answer with all its headers."""

import sys

from kubernetes import client, config

method, path, *body = sys.argv[1:]
config.load_kube_config()
configuration = client.Configuration.get_default_copy()
api = client.ApiClient(configuration)
headers = {"Accept": "application/json", "User-Agent": "answers"}
for credential in configuration.auth_settings().values():
    headers[credential["key"]] = credential["value"]
if body:
    headers["Content-Type"] = "application/json"
answer = api.rest_client.pool_manager.request(
    method, configuration.host + path, body=body[0] if body else None, headers=headers, retries=False)
print(answer.status, answer.reason, answer.version)
for name, value in sorted((name.lower(), value) for name, value in answer.headers.items()):
    print(f"{name}: {value}")
print(answer.data.decode())
