"""The schema is whole, says every refusal, and its page runs under the content security policy."""

import json
import re

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from umkm_portal.api import router

pytestmark = pytest.mark.django_db


def schema():
    response = APIClient().get("/api/v1/schema/")
    assert response.status_code == 200
    return json.loads(response.content)


def test_the_schema_is_made_without_a_warning(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", file=str(tmp_path / "schema.yml"))


def test_every_viewset_is_in_it():
    named = {path.split("/")[3] for path in schema()["paths"]}

    assert {prefix.split("/")[0] for prefix, _viewset, _name in router.registry} | {"me", "tokens"} == named


def test_every_operation_says_its_refusals():
    for path, operations in schema()["paths"].items():
        for method, operation in operations.items():
            codes = set(operation["responses"])
            assert {"400", "429"} <= codes, (method, path)
            if "{" in path:
                assert "404" in codes, (method, path)
            if "submissions" in path and method != "get":
                assert {"401", "403", "409"} <= codes, (method, path)


def test_it_names_no_status_to_write_and_no_nik_to_read():
    schemas = schema()["components"]["schemas"]

    for name, body in schemas.items():
        fields = set(body.get("properties", {}))
        if name.endswith("Request") and name != "VisitRequest":  # that one is a request for a visit, as read
            assert not fields & {"status", "state", "proposed_by", "decided_by"}, name
        else:
            assert not fields & {"nik", "kk", "nik_sealed", "nik_lookup"}, name


def test_the_page_has_nothing_inline(client):
    page = client.get("/api/v1/docs/")
    script = client.get("/api/v1/docs/", {"script": ""})

    assert "default-src 'self'" in page["Content-Security-Policy"]
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page.content.decode()) == []
    assert (script.status_code, script["Content-Type"]) == (200, "application/javascript")
    assert b"SwaggerUIBundle" in script.content
