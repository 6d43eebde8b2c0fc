"""The columns of the list of containers are each person's own."""

import re

from django.contrib.auth.models import User
from django.test import Client

from tests.views import rows
from updates.models import Host


def headings(page: str) -> list[str]:
    found = re.findall(r"<th scope=\"col\".*?>(.*?)</th>", page, re.S)
    return [text for one in found if (text := re.sub(r"<.*?>", "", one).strip())]


def test_each_person_chooses_columns_and_may_go_back(signed_in: Client, host: Host) -> None:
    rows.container(host, "web")
    first = headings(rows.text(signed_in, "/containers/"))
    assert first[:3] == ["Name", "Host", "Image"]
    assert not {"Stack", "Created"} & set(first)
    place = "/containers/?q=web"
    data = {"column": ["status", "created_at", "nonsense"], "next": place}
    answer = signed_in.post("/containers/columns/", data)
    assert answer.headers["Location"] == place
    assert headings(rows.text(signed_in, "/containers/")) == ["Name", "Status", "Created", "Act"]
    signed_in.post("/containers/columns/", {"next": "https://evil.example/"})
    assert headings(rows.text(signed_in, "/containers/")) == ["Name", "Act"]
    other = Client()
    other.force_login(User.objects.create_user("other"))
    assert headings(rows.text(other, "/containers/")) == first
    signed_in.post("/containers/columns/", {"reset": "1", "column": "status"})
    assert headings(rows.text(signed_in, "/containers/")) == first


def test_a_sign_in_that_came_in_between_leads_to_the_list(signed_in: Client, host: Host) -> None:
    answer = signed_in.get("/containers/columns/", follow=True)
    assert answer.redirect_chain == [("/containers/", 302)]
    assert "choose once more" in answer.text
