"""What an applicant tracking system does with its node, by a client that was generated from the node's own OpenAPI document."""
import sys

from client import AuthenticatedClient
from client.api.federation import query
from client.api.offers import delete_vacancy, get_vacancy, put_vacancy
from client.models import Problem, QueryRequest, Vacancy

base, token = sys.argv[1:]
node = AuthenticatedClient(base_url=base, token=token)
vacancy = Vacancy.from_dict({
    "title": "Lasser constructie",
    "description": "U last stalen frames in een kleine werkplaats in Lelystad.",
    "employer": {"name": "Proefstaal"},
    "hours": {"min": 24, "max": 32},
})
put = put_vacancy.sync("PY-1", client=node, body=vacancy)
assert put.outcome == "created" and put.version == 1, put
assert get_vacancy.sync("PY-1", client=node).employer.name == "Proefstaal"
found = query.sync(client=node, body=QueryRequest.from_dict({"kind": "vacancy", "text": "lasser constructie"}))
assert any(hit.key == "PY-1" for hit in found.hits), found
vacancy.description = ""
refused = put_vacancy.sync("PY-1", client=node, body=vacancy)
assert isinstance(refused, Problem) and refused.status == 400 and refused.findings[0].pointer == "/description", refused
assert delete_vacancy.sync_detailed("PY-1", client=node).status_code == 204
print("Python: published, read, found, refused and withdrawn")
