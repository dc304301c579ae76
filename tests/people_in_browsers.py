"""Browsers for the people of the shared world, each logged in as one of them."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from motcua.organisations.models import Staff
from world import World


@dataclass(slots=True)
class Province:
    """The shared world with a browser for each of its people."""

    world: World
    base: str
    chromium: Browser
    contexts: list[BrowserContext] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """What the browser complained of: scripts that failed, contents that the page's policy forbids."""

    def page(self, part: str | None, *, width: int = 1280, height: int = 900) -> Page:
        """Open a window of the person; ``None`` is a citizen without an account."""
        context = self.chromium.new_context(
            viewport={"width": width, "height": height}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh",
            base_url=self.base,
        )  # fmt: skip
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        if part is not None:
            client = Client()
            client.force_login(Staff.objects.get(code=f"cb-{part}").user)
            context.add_cookies([
                {"name": name, "value": morsel.value, "domain": str(urlsplit(self.base).hostname), "path": "/"}
                for name, morsel in client.cookies.items()
            ])  # fmt: skip
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda line: self.faults.append(line.text) if "Content Security" in line.text else None)
        return page
